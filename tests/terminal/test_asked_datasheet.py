"""The questions of the datasheet, asked in a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from store import marks

from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from terminal.terminal import Terminal


def test_an_answer_is_kept_at_once_and_the_end_of_the_input_is_no_failure(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    database, file = tmp_path / "grades.db", tmp_path / "grades.heds.toml"
    with Store.open(database) as store:
        marks.graded(store, {"sure": "pp", "poor": "ff"})
    for ends, code in (("\x03", 130), ("\x04", 0)):
        asking = terminal(sys.executable, "-m", "tui", "report", "--ask", "--db", database)
        asking.shows("· 2.3 ·")
        asking.press("12\r")
        asking.shows("· 2.4 ·")
        assert '"2.3" = ["Question answering"]' in file.read_text(encoding="utf-8")
        asking.press(ends)
        assert asking.ends() == code
        assert '"2.3" = ["Question answering"]' in file.read_text(encoding="utf-8")
