from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from tui.errors import StoreError
from tui.store import ids
from tui.store.database import Store

from . import make

if TYPE_CHECKING:
    from pathlib import Path


def test_a_grade_reads_back_whole(store: Store) -> None:
    response = make.store_response(store)
    made = make.grade(
        response,
        note="=close, but “no”\n",
        rubric_hash=make.RUBRIC.hash,
        blind=True,
        position=2,
        shuffle_seed=2**62,
        shown_at=ids.now(),
    )

    store.add_grade(made, make.RUBRIC)

    assert store.current_grade(response.id, "mei") == made
    assert store.grade_events() == store.judgements() == [made]


def test_the_newest_judgement_is_in_force(store: Store) -> None:
    response = make.store_response(store)
    for each in (make.grade(response, "fail"), make.skip(response), last := make.grade(response, "pass")):
        store.add_grade(each)

    assert store.current_grade(response.id, "mei") == last


def test_undo_brings_the_earlier_judgement_back(store: Store) -> None:
    response = make.store_response(store)
    first, second = make.grade(response, "fail"), make.grade(response, "pass")
    store.add_grade(first)
    store.add_grade(second)

    store.add_grade(make.undo(second))
    assert store.current_grade(response.id, "mei") == first

    store.add_grade(make.undo(first))
    assert store.current_grade(response.id, "mei") is None
    assert len(store.grade_events(response.id, "mei")) == 4


def test_a_grade_after_an_undo_counts(store: Store) -> None:
    response = make.store_response(store)
    first = make.grade(response, "fail")
    store.add_grade(first)
    store.add_grade(make.undo(first))
    store.add_grade(again := make.grade(response, "partial"))

    assert store.current_grade(response.id, "mei") == again


def test_undo_walks_back_through_one_sitting(store: Store) -> None:
    response, other = make.store_response(store), make.store_response(store, sample=2)
    before = make.grade(response)
    store.add_grade(before)
    sitting = ids.now()
    first, second = make.grade(response), make.skip(other)
    store.add_grade(first)
    store.add_grade(second)

    for expected in (second, first):
        last = store.last_undoable("mei", since=sitting)
        assert last == expected
        store.add_grade(make.undo(expected))

    assert store.last_undoable("mei", since=sitting) is None
    assert store.last_undoable("mei") == before


def test_two_graders_do_not_touch_each_other(store: Store) -> None:
    response = make.store_response(store)
    mine, theirs = make.grade(response, "pass"), make.grade(response, "fail", grader="ada")
    store.add_grade(mine)
    store.add_grade(theirs)

    store.add_grade(make.undo(theirs))

    assert store.current_grades([response.id], "mei") == {response.id: mine}
    assert store.current_grades([response.id], "ada") == {}
    assert store.judgements() == [mine]


def test_an_undo_cannot_be_undone_or_repeated_or_borrowed(store: Store) -> None:
    response, other = make.store_response(store), make.store_response(store, sample=2)
    given, kept = make.grade(response), make.grade(response)
    store.add_grade(given)
    store.add_grade(kept)
    taken_back = make.undo(given)
    store.add_grade(taken_back)

    for impossible in (
        make.undo(taken_back),
        make.undo(given),
        make.undo(kept, grader="ada"),
        make.undo(kept, response_id=other.id),
        make.undo(kept, undoes=ids.new_id()),
    ):
        with pytest.raises(StoreError):
            store.add_grade(impossible)
    assert store.grade_events() == [given, kept, taken_back]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "hunch"},
        {"kind": "skip"},
        {"kind": "undo"},
        {"undoes": "nothing"},
        {"label": None},
        {"value": 1.5},
        {"value": None},
        {"position": 0},
        {"grader": ""},
        {"rubric_hash": make.digest("unknown")},
        {"response_id": ids.new_id()},
        {"graded_at": "today"},
    ],
)
def test_a_grade_that_cannot_be_is_refused(store: Store, wrong: dict[str, object]) -> None:
    made = msgspec.structs.replace(make.grade(make.store_response(store)), **wrong)

    with pytest.raises(StoreError, match="contradicts"):
        store.add_grade(made)

    assert store.grade_events() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grades SET label = 'fail'",
        "DELETE FROM grades",
        "INSERT OR REPLACE INTO grades SELECT * FROM grades",
        "UPDATE responses SET text = 'better'",
        "DELETE FROM responses",
        "INSERT OR REPLACE INTO responses SELECT * FROM responses",
        "UPDATE prompts SET text = 'easier'",
        "DELETE FROM rubrics",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_stored(
    store: Store, path: Path, statement: str
) -> None:
    response = make.store_response(store)
    made = make.grade(response, rubric_hash=make.RUBRIC.hash)
    store.add_grade(made, make.RUBRIC)
    someone_else = sqlite3.connect(path)

    with pytest.raises(sqlite3.IntegrityError), someone_else:
        someone_else.execute(statement)

    someone_else.close()
    assert store.responses() == [response]
    assert store.grade_events() == [made]


def test_a_judgement_is_newest_even_after_the_clock_went_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        response = make.store_response(store)
        store.add_grade(make.grade(response, "fail"))
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(time, "time_ns", lambda: 10**18)

    with Store.open(path) as store:
        store.add_grade(newest := make.grade(response, "pass"))

        assert store.current_grade(response.id, "mei") == newest
