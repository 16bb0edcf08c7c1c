"""Rows that this program would never write: another program's, or of a damaged file."""

from __future__ import annotations

import io
import sqlite3
from typing import TYPE_CHECKING

import pytest

from tui.errors import StoreError
from tui.store.database import Store
from tui.store.export import export_to_stream

from . import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HUGE = str(2**63 - 1)
LAST_ID = "'ffffffff-ffff-7fff-bfff-ffffffffffff'"
NOT_UTF_8 = "CAST(x'68ff69' AS TEXT)"
ANOTHER = "'01990000-0000-7000-8000-%012d'"

RESPONSES: list[tuple[str, str]] = [
    ("id", "'not an id'"),
    ("id", "'0199000g-0000-7000-8000-000000000000'"),
    ("id", "x'00ff'"),
    ("seq", HUGE),
    ("seq", "'first'"),
    ("seq", "-1"),
    ("text", NOT_UTF_8),
    ("text", "x'414243'"),
    ("sample", HUGE),
    ("sample", "0"),
    ("seed", "'none'"),
    ("tokens", "'many'"),
    ("seconds", "'long'"),
    ("created_at", "'yesterday'"),
    ("created_at", "'2026-01-01T00:00:00'"),
    ("finish_reason", "'bored'"),
    ("sampling", "'{not JSON'"),
    ("rendered_prompt", "x'ff'"),
]
GRADES: list[tuple[str, str]] = [
    ("id", "'7'"),
    ("note", NOT_UTF_8),
    ("note", "x'ff00'"),
    ("value", "'good'"),
    ("value", "7"),
    ("seq", HUGE),
    ("kind", "'hunch'"),
    ("graded_at", "'2026-99-99'"),
    ("graded_at", "1700000000"),
    ("shown_at", "'soon'"),
    ("grading_seconds", "-3599.0"),
    ("position", "'left'"),
    ("blind", "'yes'"),
]
OTHERS: list[tuple[str, str, str]] = [
    ("rubrics", "levels", "'[not JSON'"),
    ("models", "config", "'{'"),
    ("models", "title", NOT_UTF_8),
    ("prompts", "number", "-3"),
    ("prompts", "text", "x'ff'"),
    ("weights", "size", "'big'"),
    ("runs", "machine", "'a laptop'"),
    ("runs", "started_at", "'then'"),
    ("own_prompts", "number", "-5"),
    ("own_prompts", "text", "x'ff41'"),
]
CASES = [
    *(("responses", column, value) for column, value in RESPONSES),
    *(("grades", column, value) for column, value in GRADES),
    *OTHERS,
]


@pytest.fixture
def filled(store: Store, path: Path) -> Store:
    response = make.store_response(store, text="known")
    store.add_grade(make.grade(response, rubric_hash=make.RUBRIC.hash), make.RUBRIC)
    store.add_own_prompt("mine", "Say hello.")
    return store


def copy_row(path: Path, table: str, column: str, value: str, *, checked: bool) -> None:
    """Write a copy of the table's only row with another value in one column, as any program may."""
    connection = sqlite3.connect(path)
    keys = {"responses": "id", "grades": "id", "runs": "id", "own_prompts": "number"}
    if not checked:
        connection.execute("PRAGMA ignore_check_constraints = ON")
    names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    fresh = {"id": ANOTHER % 7, "number": "7", "hash": f"'{'7' * 64}'", "sha256": f"'{'8' * 64}'"}
    fresh |= {"config_hash": f"'{'9' * 64}'", "content_hash": f"'{'6' * 64}'", "seq": "7"}
    fresh = {name: fresh[name] for name in names if name in fresh and name not in keys.values()} | (
        {keys[table]: fresh[keys[table]]} if table in keys else {}
    )
    values = [(fresh | {column: value}).get(name, name) for name in names]
    try:
        with connection:
            connection.execute(f"INSERT INTO {table} SELECT {', '.join(values)} FROM {table} LIMIT 1")
    finally:
        connection.close()


@pytest.mark.parametrize(("table", "column", "value"), CASES)
def test_the_database_keeps_out_what_cannot_be_read(
    filled: Store, path: Path, table: str, column: str, value: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        copy_row(path, table, column, value, checked=True)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [*CASES, ("responses", "id", LAST_ID), ("grades", "id", LAST_ID), ("grades", "response_id", "'nothing'")],
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
    copy_row(path, table, column, value, checked=False)

    with Store.open(path) as store:
        use_everything(store)
    for what in ("grades", "responses", "all"):
        code, output, error = llm_grader("export", "--db", str(path), "--what", what, "--format", "jsonl")
        assert (code, "Traceback" in error) == (0, False)
        assert '"id"' in output
    assert llm_grader("export", "--db", str(path), "--excel")[0] == 0


def use_everything(store: Store) -> None:
    """What the app and `run` do: nobody sees an exception, and what is judged now stands."""
    key, hash_ = make.key(make.model()), make.prompt().content_hash
    store.progress("mei")
    store.own_prompts()
    store.completed_keys()
    store.responses()
    store.grade_events()
    store.judgements()
    shown = store.latest_responses("code", hash_, [key])
    sample = store.claim_next(make.new_id(), "code", hash_, key, 0)
    made = make.store_response(store, sample=sample)
    for response in (*shown.values(), made):
        store.current_grade(response.id, "mei")
        judged = make.grade(response, "partial")
        try:
            store.add_grade(judged)
        except StoreError:
            assert response is not made
        else:
            assert store.current_grade(response.id, "mei") == judged
    export_to_stream(store, io.StringIO(newline=""), what="all", file_format="jsonl")


def test_the_line_says_which_row_is_left_out(
    filled: Store, path: Path, llm_grader: Callable[..., tuple[int, str, str]]
) -> None:
    copy_row(path, "grades", "note", "x'ff00'", checked=False)

    _, output, error = llm_grader("export", "--db", str(path))

    assert len(output.splitlines()) == 2
    assert (ANOTHER % 7).strip("'") in error
    assert "is left out" in error


def test_text_that_is_not_utf_8_is_exported_with_a_line_that_says_so(
    filled: Store, path: Path, llm_grader: Callable[..., tuple[int, str, str]]
) -> None:
    copy_row(path, "grades", "note", NOT_UTF_8, checked=False)

    _, output, error = llm_grader("export", "--db", str(path))

    assert "h�i" in output
    assert "not UTF-8" in error
