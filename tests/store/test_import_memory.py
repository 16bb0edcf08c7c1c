"""An import holds a row at a time, and not the file."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

from tui.store.database import Store
from tui.store.exchange.export import export_to_path

from .importing import import_export, import_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINE = "a line of an answer and another one; " * 60
ROWS = 5600
MOST = 6_000_000


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file(store: Store, tmp_path: Path) -> None:
    answers, export = tmp_path / "x.csv", tmp_path / "all.jsonl"
    rows = (f"what is {row // 2}?,model-{row % 2},{row} {LINE}\n" for row in range(ROWS))
    answers.write_text("prompt,model,text\n" + "".join(rows))
    small = tmp_path / "small.csv"
    small.write_text("prompt,model,text\nwhat?,m,x\n")
    import_rows(store, small)  # what is read or made once is there from now on

    of_answers = peak_of(lambda: import_rows(store, answers))
    export_to_path(store, export, what="all", file_format="jsonl")
    with Store.open(tmp_path / "other.db") as other:
        of_export = peak_of(lambda: import_export(other, export))

    assert min(answers.stat().st_size, export.stat().st_size) > 2 * MOST
    assert max(of_answers, of_export) < MOST, (of_answers, of_export)
