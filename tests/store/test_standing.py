"""What stands in the tables: decided by the order of arrival, never by a clock or a place in the file."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from tui.store.schema import TABLES
from tui.store.schema.columns import LAST_SEQ

from . import every_row
from .every_row import AT, FOR_ALL, GRADE, JUDGEMENT, PAIR, RESPONSE, uuid

if TYPE_CHECKING:
    from pathlib import Path


def in_force(database: sqlite3.Connection, *ids: str) -> list[str]:
    """Which of these stand, newest last."""
    wanted = ", ".join(map(repr, ids))
    rows = database.execute(f"SELECT id FROM in_force WHERE id IN ({wanted}) ORDER BY seq, id")
    return [id_ for (id_,) in rows]


def judge(database: sqlite3.Connection, number: int, **changes: Any) -> str:
    row = JUDGEMENT | (GRADE if changes.get("kind", "grade") == "grade" else {}) | {"id": uuid(number)}
    every_row.insert(database, "judgements", row | changes)
    return uuid(number)


def test_of_each_grader_response_criterion_and_occasion_the_newest_stands(
    database: sqlite3.Connection,
) -> None:
    earlier = judge(database, 60, level="fail", value=0.0)
    assert in_force(database, uuid(30), earlier) == [earlier]
    for number, other in enumerate(
        ({"criterion": "style"}, {"occasion": "repeat"}, {"response_id": uuid(4)}), 61
    ):
        judge(database, number, **other)
    assert in_force(database, earlier, uuid(31), uuid(40), uuid(61), uuid(62), uuid(63)) == [
        earlier, uuid(61), uuid(62), uuid(63),
    ]  # fmt: skip
    skipped = judge(database, 64, kind="skip")
    assert in_force(database, earlier, skipped) == [skipped]


def test_an_undo_brings_the_earlier_judgement_back_and_a_redo_the_later(database: sqlite3.Connection) -> None:
    later = judge(database, 60, level="fail", value=0.0)
    judge(database, 61, kind="undo", names=later)
    assert in_force(database, uuid(30), later) == [uuid(30)]
    judge(database, 62, kind="redo", names=later)
    assert in_force(database, uuid(30), later) == [later]
    judge(database, 63, kind="undo", names=later)
    judge(database, 64, kind="undo", names=uuid(30))
    assert in_force(database, uuid(30), later) == []


def test_a_note_and_a_flag_supersede_no_grade_and_not_each_other(database: sqlite3.Connection) -> None:
    note = judge(database, 60, kind="note", text="odd", **FOR_ALL)
    assert in_force(database, uuid(30), uuid(46), uuid(47), note) == [uuid(30), uuid(47), note]
    judge(database, 61, kind="undo", names=note, **FOR_ALL)
    assert in_force(database, uuid(30), uuid(46), uuid(47), note) == [uuid(30), uuid(46), uuid(47)]


def test_preferences_of_a_pair_replace_each_other_and_no_grade(database: sqlite3.Connection) -> None:
    pair = [uuid(number) for number in range(41, 45)]
    assert in_force(database, uuid(30), *pair) == [uuid(30), pair[-1]]
    skipped = judge(database, 60, kind="skip", **PAIR)
    assert in_force(database, *pair, skipped) == [skipped]
    rows = database.execute("SELECT id, kind, side, other_model FROM tidy_preferences ORDER BY seq")
    assert rows.fetchall() == [(uuid(45), "skip", None, "tiny"), (skipped, "skip", None, "tiny")]


def test_every_event_takes_the_next_place_of_the_whole_database(database: sqlite3.Connection) -> None:
    seqs = [
        seq
        for table in TABLES
        if table.is_ordered
        for (seq,) in database.execute(f"SELECT seq FROM {table.name}")
    ]
    assert sorted(seqs) == list(range(1, len(seqs) + 1))
    plan = [row[3] for row in database.execute("EXPLAIN QUERY PLAN SELECT next FROM arrivals")]
    assert not [line for line in plan if line.startswith("SCAN") and "arrivals" not in line]


def test_a_place_that_nobody_can_follow_counts_for_nothing(database: sqlite3.Connection) -> None:
    judge(database, 60, seq=LAST_SEQ, level="fail", value=0.0)
    assert in_force(database, uuid(30), uuid(60)) == [uuid(30)]
    later = judge(database, 61)
    assert in_force(database, uuid(30), later) == [later]


def test_a_clock_set_back_changes_nothing(database: sqlite3.Connection) -> None:
    long_ago = judge(
        database, 0, id="01000000-0000-7000-8000-000000000000", decided_at="2001-01-01T00:00:00+00:00"
    )
    assert long_ago == uuid(0)
    assert in_force(database, uuid(30), "01000000-0000-7000-8000-000000000000") == [
        "01000000-0000-7000-8000-000000000000"
    ]


def everything(database: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    views = (
        "standing",
        "in_force",
        "stored_responses",
        "tidy_responses",
        "tidy_judgements",
        "tidy_preferences",
    )
    names = (*(table.name for table in TABLES), *views)
    return {name: sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def test_a_merge_of_two_files_is_the_same_in_either_order() -> None:
    start, left, right = (every_row.make_tables(sqlite3.connect(":memory:")) for _ in range(3))
    every_row.fill(start)
    for each in (left, right):
        start.backup(each)
    judge(left, 60, level="fail", value=0.0)
    judge(left, 61, kind="undo", names=uuid(60))
    judge(left, 62, level="partial", value=0.5)
    judge(right, 70, level="fail", value=0.0)
    judge(right, 71, kind="undo", names=uuid(70))
    judge(right, 72, kind="undo", names=uuid(30))
    every_row.insert(right, "responses", RESPONSE | every_row.KNOWN | {"id": uuid(73), "sample": 3})
    judge(right, 74, response_id=uuid(73))
    both = [every_row.make_tables(sqlite3.connect(":memory:")) for _ in range(2)]
    for merged, order in zip(both, ((left, right), (right, left)), strict=True):
        for each in order:
            every_row.merge(merged, each)

    assert everything(both[0]) == everything(both[1])
    assert in_force(both[0], uuid(30), uuid(60), uuid(62), uuid(70), uuid(74)) == [uuid(62), uuid(74)]
    every_row.merge(both[0], both[1])
    assert everything(both[0]) == everything(both[1])
    newest = judge(both[0], 80)
    assert in_force(both[0], uuid(62), newest) == [newest]


def test_a_vacuum_changes_nothing(tmp_path: Path) -> None:
    database = every_row.make_tables(sqlite3.connect(tmp_path / "grades.db"))
    every_row.fill(database)
    every_row.insert(database, "responses", RESPONSE | every_row.KNOWN | {"id": uuid(0), "sample": 5})
    judge(database, 1, response_id=uuid(0))
    before = everything(database)

    database.execute("DELETE FROM claims")
    database.execute("VACUUM")

    assert everything(database) == before | {"claims": []}
    assert in_force(database, uuid(30), judge(database, 60)) == [uuid(60)]
    database.close()


def test_tidy_rows_say_what_they_are_about(database: sqlite3.Connection) -> None:
    database.row_factory = sqlite3.Row
    graded = next(
        dict(row) for row in database.execute("SELECT * FROM tidy_judgements WHERE id = ?", [uuid(30)])
    )
    assert (graded["grader"], graded["grader_kind"], graded["mode"], graded["task"], graded["model"]) == (
        "Mei", "person", "free", "code", "tiny",
    )  # fmt: skip
    assert (graded["level"], graded["note"], graded["prompt"]) == ("pass", "close", "Add two numbers.")
    imported = next(
        dict(row) for row in database.execute("SELECT * FROM tidy_responses WHERE id = ?", [uuid(9)])
    )
    for figure in ("seed", "tokens", "seconds", "threads", "sampling", "weights_sha256", "extra_layouts"):
        assert imported[figure] is None
    assert (imported["complete"], imported["finish_reason"], imported["origin_class"]) == (
        1,
        "unknown",
        "unknown",
    )
    assert imported["created_at"] == AT
