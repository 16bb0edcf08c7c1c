"""The tables themselves, spoken to in SQL: what they take, what they refuse, and what stands in them."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tui.store.schema import BY_NAME, TABLES

from . import every_row
from .every_row import GRADE, JUDGEMENT, PAIR, ROWS, uuid

FIRST = {table: row for _, table, row in reversed(ROWS)}
BLOB, NOT_UTF_8 = "x'414243'", "CAST(x'68ff69' AS TEXT)"


def test_a_row_of_every_kind_is_taken(database: sqlite3.Connection) -> None:
    for _, table, row in ROWS:
        where = " AND ".join(f"{column} IS :{column}" for column in row)
        (found,) = database.execute(f"SELECT count(*) FROM {table} WHERE {where}", row)
        assert found == (1,)
    assert {table for _, table, _ in ROWS} == {table.name for table in TABLES}
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("table", [table.name for table in TABLES if table.append_only])
def test_what_is_stored_stays(database: sqlite3.Connection, table: str) -> None:
    before = database.execute(f"SELECT * FROM {table}").fetchall()
    column = BY_NAME[table].column_names[-1]

    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"only ever added to|is there already"):
            database.execute(statement)
    assert database.execute(f"SELECT * FROM {table}").fetchall() == before


def test_only_claims_go() -> None:
    assert [table.name for table in TABLES if not table.append_only] == ["claims"]


def mistakes(name: str, type_: str) -> list[str]:
    """SQL of values that a column of that name and type must not hold."""
    if type_ == "INTEGER":
        return ["'many'", "1.5", "x'01'", *([str(2**62)] if name == "seq" else [])]
    if type_ == "REAL":
        return ["'long'", "-3599.0", "x'01'"]
    wrong = [BLOB, "x'ff00'", NOT_UTF_8]
    if name == "id" or name.endswith("_id") or name in ("names", "follows", "same_as"):
        wrong += ["'7'", "''", "'0199000g-0000-7000-8000-000000000000'"]
    elif name.endswith("_at"):
        wrong += ["'yesterday'", "'2026-01-01T00:00:00'", "'2026-99-99'", "1700000000"]
    elif name.endswith(("hash", "sha256")):
        wrong += ["'abc'"]
    elif name in ONE_OF:
        wrong += ["'hunch'", "''"]
    elif name in JSON:
        wrong += ["'{not JSON'", "'1'", "''", "'\"text\"'"]
    return wrong


ONE_OF = ("source", "origin_class", "finish_reason", "verdict", "mode", "occasion", "side", "looked_into")
JSON = (
    "files", "config", "criteria", "messages", "machine", "settings", "sampling", "service", "evidence",
    "protocol", "selection", "changes",
)  # fmt: skip
TYPES = [
    (table, name, column.split()[1])
    for table in TABLES
    for name, column in zip(table.column_names, table.columns, strict=True)
]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [(table.name, name, value) for table, name, type_ in TYPES for value in mistakes(name, type_)],
)
def test_what_cannot_be_read_is_kept_out(
    database: sqlite3.Connection, table: str, column: str, value: str
) -> None:
    names = BY_NAME[table].column_names
    fresh = {"id": f"'{uuid(99)}'", "seq": "1000", "hash": f"'{'1' * 64}'", "sha256": f"'{'1' * 64}'"}
    fresh |= {
        "criterion": "'style'",
        "config_hash": f"'{'1' * 64}'",
        "check_hash": f"'{'1' * 64}'",
        "sample": "9",
    }
    copied = {
        name: fresh[name]
        for name in names
        if name in fresh and name in (*BY_NAME[table].key, "seq", "sample")
    }
    values = (copied | {column: value}).get
    copy = (
        f"INSERT INTO {table} SELECT {', '.join(values(name, name) for name in names)} FROM {table} LIMIT 1"
    )

    with pytest.raises(sqlite3.IntegrityError):
        database.execute(copy)

    values = copied.get
    database.execute(
        f"INSERT INTO {table} SELECT {', '.join(values(name, name) for name in names)} FROM {table} LIMIT 1"
    )


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ("graders", {"name": ""}),
        ("graders", {"kind": "ghost"}),
        ("grader_aliases", {"same_as": uuid(18)}),
        ("items", {"messages": "[]"}),
        ("items", {"instruction": None}),
        ("items", {"number": 0}),
        ("own_items", {"instruction": ""}),
        ("own_items", {"number": -5}),
        ("own_items", {"levels": "{}"}),
        ("weights", {"size": -1}),
        ("responses", {"sample": 0}),
        ("responses", {"sample": 2**62}),
        ("responses", {"tokens": -1}),
        ("responses", {"run_id": None}),
        ("responses", {"turn": 2}),
        ("responses", {"follows": uuid(3)}),
        ("responses", {"turn": 3, "follows": uuid(3)}),
        ("responses", {"turn": 2, "follows": uuid(3), "model": "other"}),
        ("responses", {"reasoning_start": 2, "reasoning_end": 1}),
        ("responses", {"reasoning_start": None}),
        ("responses", {"weights_sha256": None, "adapter_sha256": None}),
        ("responses", {"origin_class": "claimed"}),
        ("responses", {"weights_sha256": "2" * 64}),
        ("responses", {"prompt_hash": "2" * 64}),
        ("responses", {"lost_in_print": ""}),
        ("sessions", {"repeat_rate": 1.5}),
        ("sessions", {"grader_id": uuid(3)}),
        ("checks", {"verdict": "maybe"}),
        ("looks", {"judged": -1}),
        ("guesses", {"model": ""}),
        ("claims", {"id": uuid(98)}),
        ("known_answers", {"criterion": "style", "level": ""}),
        ("known_answers", {"criterion": "style", "value": None}),
        ("known_answers", {"criterion": "style", "response_id": uuid(99)}),
    ],
)
def test_a_row_that_cannot_be_is_refused(
    database: sqlite3.Connection, table: str, wrong: dict[str, Any]
) -> None:
    own = {"id": uuid(97)} if "id" in BY_NAME[table].column_names else {"hash": "1" * 64, "sha256": "1" * 64}
    fresh = {name: value for name, value in own.items() if name in BY_NAME[table].column_names}
    with pytest.raises(sqlite3.IntegrityError):
        every_row.insert(database, table, FIRST[table] | fresh | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "hunch"},
        {"kind": "skip"},
        {"kind": "undo", "level": None, "value": None},
        {"names": uuid(31)},
        {"level": None},
        {"level": ""},
        {"value": 1.5},
        {"value": None},
        {"side": "response"},
        {"text": "a note"},
        {"criterion": None},
        {"criterion": ""},
        {"place": 0},
        {"active_seconds": -0.1},
        {"rows_unread": -1},
        {"blind": 2},
        {"grader_id": uuid(12)},
        {"session_id": uuid(30)},
        {"response_id": uuid(30)},
        {"item_hash": "2" * 64},
        {"decided_at": "today"},
        PAIR,
        PAIR | {"kind": "preference", "level": None, "value": None},
        {"kind": "preference", "side": "other", "level": None, "value": None},
        {"kind": "note", "level": None, "value": None},
        {"other_response_id": uuid(1), "kind": "skip", "level": None, "value": None},
    ],
)
def test_a_judgement_that_cannot_be_is_refused(database: sqlite3.Connection, wrong: dict[str, Any]) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        every_row.insert(database, "judgements", JUDGEMENT | GRADE | {"id": uuid(99)} | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"names": uuid(48)},
        {"names": uuid(99)},
        {"names": uuid(96)},
        {"grader_id": uuid(12), "session_id": uuid(29)},
        {"response_id": uuid(9)},
        {"occasion": "repeat"},
        {"criterion": "style"},
        PAIR,
    ],
)
@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_an_undo_cannot_name_another_graders_or_no_judgement(
    database: sqlite3.Connection, kind: str, wrong: dict[str, Any]
) -> None:
    session = next(row for name, _, row in ROWS if name == "session of mode free")
    every_row.insert(database, "sessions", session | {"id": uuid(29), "grader_id": uuid(12)})
    row = JUDGEMENT | {"id": uuid(99), "kind": kind, "names": uuid(30)}
    with pytest.raises(sqlite3.IntegrityError, match="names a judgement of the same"):
        every_row.insert(database, "judgements", row | wrong)
    every_row.insert(database, "judgements", row)
