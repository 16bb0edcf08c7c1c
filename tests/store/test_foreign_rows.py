"""Rows that this program would never write: another program's, or of a damaged file."""

from __future__ import annotations

import io
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tui.errors import StoreError
from tui.store.database import Store
from tui.store.exchange.export import export_to_stream
from tui.store.schema import BY_NAME

from . import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HUGE = str(2**63 - 1)
LAST_ID = "'ffffffff-ffff-7fff-bfff-ffffffffffff'"
NOT_UTF_8 = "CAST(x'68ff69' AS TEXT)"
ANOTHER = "'01990000-0000-7000-8000-%012d'"

CASES: list[tuple[str, str, str]] = [
    ("responses", "id", "'not an id'"),
    ("responses", "id", "'0199000g-0000-7000-8000-000000000000'"),
    ("responses", "id", "x'00ff'"),
    ("responses", "seq", HUGE),
    ("responses", "seq", "'first'"),
    ("responses", "seq", "-1"),
    ("responses", "text", NOT_UTF_8),
    ("responses", "text", "x'414243'"),
    ("responses", "sample", HUGE),
    ("responses", "sample", "0"),
    ("responses", "seed", "'none'"),
    ("responses", "tokens", "'many'"),
    ("responses", "seconds", "'long'"),
    ("responses", "created_at", "'yesterday'"),
    ("responses", "finish_reason", "'bored'"),
    ("responses", "sampling", "'{not JSON'"),
    ("responses", "rendered_prompt", "x'ff'"),
    ("responses", "extra_layouts", "'perhaps'"),
    ("responses", "origin", "x'ff'"),
    ("judgements", "id", "'7'"),
    ("judgements", "text", NOT_UTF_8),
    ("judgements", "text", "x'ff00'"),
    ("judgements", "value", "'good'"),
    ("judgements", "value", "7"),
    ("judgements", "seq", HUGE),
    ("judgements", "kind", "'hunch'"),
    ("judgements", "decided_at", "'2026-99-99'"),
    ("judgements", "decided_at", "1700000000"),
    ("judgements", "shown_at", "'soon'"),
    ("judgements", "active_seconds", "-3599.0"),
    ("judgements", "place", "'left'"),
    ("judgements", "blind", "'yes'"),
    ("judgements", "occasion", "'twice'"),
    ("judgements", "criterion", "x'ff'"),
    ("judgements", "session_id", "'nothing'"),
    ("judgements", "grader_id", "'nobody'"),
    ("graders", "name", "x'ff'"),
    ("graders", "kind", "'ghost'"),
    ("sessions", "mode", "'idle'"),
    ("sessions", "blind", "7"),
    ("rubrics", "criteria", "'[not JSON'"),
    ("models", "config", "'{'"),
    ("models", "title", NOT_UTF_8),
    ("items", "number", "-3"),
    ("items", "instruction", "x'ff'"),
    ("weights", "size", "'big'"),
    ("runs", "machine", "'a laptop'"),
    ("runs", "started_at", "'then'"),
    ("own_items", "number", "-5"),
    ("own_items", "number", HUGE),
    ("own_items", "instruction", "x'ff41'"),
    ("own_items", "levels", "'[{}]'"),
]


@pytest.fixture
def filled(store: Store, path: Path) -> Store:
    response = make.store_response(store, text="known")
    make.add(store, make.grade(response))
    store.own_items.add("mine", "Say hello.")
    return store


def copy_row(path: Path, table: str, **changes: str) -> None:
    """Write a copy of the table's only row with other values, as any program may that checks nothing."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    fresh = {"id": ANOTHER % 7, "hash": f"'{'7' * 64}'", "sha256": f"'{'8' * 64}'", "name": "'another'"}
    key = {name: fresh[name] for name in BY_NAME[table].key if name in fresh}
    key |= {"seq": "1000"} if BY_NAME[table].is_ordered else {}
    names = BY_NAME[table].column_names
    values = [(key | changes).get(name, name) for name in names]
    try:
        with connection:
            connection.execute(f"INSERT INTO {table} SELECT {', '.join(values)} FROM {table} LIMIT 1")
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        *CASES,
        ("responses", "id", LAST_ID),
        ("judgements", "id", LAST_ID),
        ("judgements", "response_id", "'nothing'"),
    ],
)
def test_a_row_that_is_there_all_the_same_costs_a_line_and_not_the_program(
    filled: Store,
    path: Path,
    table: str,
    column: str,
    value: str,
    llm_grader: Callable[..., tuple[int, str, str]],
) -> None:
    filled.close()
    copy_row(path, table, **{column: value})

    with Store.open(path) as store:
        use_everything(store)
    for what in ("grades", "responses", "all"):
        code, output, error = llm_grader("export", "--db", str(path), "--what", what, "--format", "jsonl")
        assert (code, "Traceback" in error) == (0, False)
        assert '"id"' in output
    assert llm_grader("export", "--db", str(path), "--excel")[0] == 0


def use_everything(store: Store) -> None:
    """What the app and `run` do: nobody sees an exception, and what is judged now stands."""
    key, hash_ = make.key(make.model()), make.item().prompt_hash
    store.graders.find("mei")
    store.progress.judged(make.grader_id("mei"))
    list(store.progress.all())
    store.progress.of_prompt("code", hash_)
    store.judgements.of_prompt("code", hash_, make.grader_id("mei"))
    store.items.asked("code", hash_)
    store.judgements.last_undoable(make.grader_id("mei"), "free")
    store.judgements.last_redoable(make.grader_id("mei"), "free")
    store.own_items.task()
    store.responses.completed_keys()
    store.responses.all()
    store.judgements.events()
    make.in_force(store)
    shown = store.responses.latest("code", hash_, [key])
    sample = store.claims.take_next(make.new_id(), "code", hash_, key, 0)
    made = make.store_response(store, sample=sample)
    for response in (*shown.values(), made):
        make.current(store, response.id)
        judged = make.grade(response, "partial")
        try:
            make.add(store, judged)
        except StoreError:
            assert response is not made
        else:
            assert make.current(store, response.id) == judged
    export_to_stream(store, io.StringIO(newline=""), what="all", file_format="jsonl")


def test_the_line_says_which_row_is_left_out(
    filled: Store, path: Path, llm_grader: Callable[..., tuple[int, str, str]]
) -> None:
    copy_row(path, "judgements", text="x'ff00'")

    _, output, error = llm_grader("export", "--history", "--db", str(path))

    assert len(output.splitlines()) == 2
    assert (ANOTHER % 7).strip("'") in error
    assert "is left out" in error


def test_text_that_is_not_utf_8_is_exported_with_a_line_that_says_so(
    filled: Store, path: Path, llm_grader: Callable[..., tuple[int, str, str]]
) -> None:
    copy_row(path, "judgements", kind="'note'", level="NULL", value="NULL", text=NOT_UTF_8)

    _, output, error = llm_grader("export", "--db", str(path))

    assert "h�i" in output
    assert "not UTF-8" in error
