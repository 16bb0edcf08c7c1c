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
        blind=True,
        place=2,
        shown_at=ids.now(),
        active_seconds=2.5,
        in_view=4,
        saw_expected=True,
        rows_unread=0,
    )

    make.add(store, made)

    assert make.current(store, response.id) == made
    assert store.judgements.events() == make.in_force(store) == [made]


def test_the_newest_judgement_is_in_force(store: Store) -> None:
    response = make.store_response(store)
    for each in (make.grade(response, "fail"), make.skip(response), last := make.grade(response, "pass")):
        make.add(store, each)

    assert make.current(store, response.id) == last


def test_undo_brings_the_earlier_judgement_back(store: Store) -> None:
    response = make.store_response(store)
    first, second = make.grade(response, "fail"), make.grade(response, "pass")
    make.add(store, first)
    make.add(store, second)

    make.add(store, make.undo(second))
    assert make.current(store, response.id) == first

    make.add(store, make.undo(first))
    assert make.current(store, response.id) is None
    assert len(store.judgements.events(response.id, make.grader_id("mei"))) == 4


def test_a_grade_after_an_undo_counts(store: Store) -> None:
    response = make.store_response(store)
    first = make.grade(response, "fail")
    make.add(store, first)
    make.add(store, make.undo(first))
    make.add(store, again := make.grade(response, "partial"))

    assert make.current(store, response.id) == again


def test_undo_walks_back_through_this_sitting_and_those_before(store: Store) -> None:
    response, other = make.store_response(store), make.store_response(store, sample=2)
    before = make.grade(response)
    make.add(store, before)
    sitting = store.sessions.begin("mei", mode="free", app_version="0.1.0").id
    first, second = make.grade(response, session_id=sitting), make.skip(other, session_id=sitting)
    make.add(store, first)
    make.add(store, second)

    for expected in (second, first, before):
        last = store.judgements.last_undoable(make.grader_id("mei"), "free")
        assert last == expected
        make.add(store, make.undo(expected))

    assert store.judgements.last_undoable(make.grader_id("mei"), "free") is None


def test_a_redo_brings_back_what_was_taken_back_and_once(store: Store) -> None:
    response = make.store_response(store)
    first, second = (
        make.add(store, make.grade(response, "fail")),
        make.add(store, make.grade(response, "pass")),
    )
    for impossible in (make.redo(second), make.redo(first)):
        with pytest.raises(StoreError, match="nothing to redo"):
            make.add(store, impossible)
    make.add(store, make.undo(second))

    make.add(store, make.redo(second))

    assert make.current(store, response.id) == second
    make.add(store, make.undo(second))
    assert make.current(store, response.id) == first


def test_a_note_stands_beside_the_grade(store: Store) -> None:
    response = make.store_response(store)
    given = make.add(store, make.grade(response))
    make.add(store, make.note(response, "=close, but “no”\n"))
    later = make.add(store, make.note(response, ""))

    assert make.standing_note(store, response.id) == later
    assert make.current(store, response.id) == given
    make.add(store, make.undo(later))
    earlier = make.standing_note(store, response.id)
    assert earlier is not None
    assert earlier.text == "=close, but “no”\n"
    assert make.standing_note(store, response.id, "ada") is None


def test_another_criterion_or_occasion_is_another_judgement(store: Store) -> None:
    response = make.store_response(store)
    first = make.add(store, make.grade(response))
    style = make.add(store, make.grade(response, "fail", criterion="style"))
    again = make.add(store, make.grade(response, "fail", occasion="repeat"))
    assert make.current(store, response.id) == first
    assert make.current(store, response.id, criterion="style") == style
    assert make.in_force(store) == [first, style, again]


def test_a_grader_is_known_by_name_in_any_case_and_form(store: Store) -> None:
    first = store.sessions.begin("Zoe\u0301 Groß", mode="free", app_version="0.1.0")
    for name in ("Zo\u00e9 Groß", "ZOÉ GROSS", "zoé groß"):
        found = store.graders.find(name)
        assert found is not None
        assert (found.id, found.name) == (first.grader_id, "Zoe\u0301 Groß")
        assert store.sessions.begin(name, mode="free", app_version="0.1.0").grader_id == found.id
    assert store.graders.find("zoé groß", kind="model") is None
    assert store.graders.find("zo\ud83d") is None


def test_two_graders_do_not_touch_each_other(store: Store) -> None:
    response = make.store_response(store)
    mine, theirs = make.grade(response, "pass"), make.grade(response, "fail", grader="ada")
    make.add(store, mine)
    make.add(store, theirs)

    make.add(store, make.undo(theirs))

    assert make.current(store, response.id, "mei") == mine
    assert make.current(store, response.id, "ada") is None
    assert make.in_force(store) == [mine]


def test_an_undo_cannot_be_undone_or_repeated_or_borrowed(store: Store) -> None:
    response, other = make.store_response(store), make.store_response(store, sample=2)
    given, kept = make.grade(response), make.grade(response)
    make.add(store, given)
    make.add(store, kept)
    taken_back = make.undo(given)
    make.add(store, taken_back)

    for impossible in (
        make.undo(taken_back),
        make.undo(given),
        make.undo(kept, grader_id=make.grader_id("ada"), session_id=make.session_id("ada")),
        make.undo(kept, response_id=other.id),
        make.undo(kept, names=ids.new_id()),
    ):
        with pytest.raises(StoreError):
            make.add(store, impossible)
    assert store.judgements.events() == [given, kept, taken_back]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "hunch"},
        {"kind": "skip"},
        {"kind": "undo"},
        {"names": "nothing"},
        {"level": None},
        {"value": 1.5},
        {"value": None},
        {"place": 0},
        {"grader_id": ""},
        {"session_id": ids.new_id()},
        {"criterion": None},
        {"occasion": "twice"},
        {"item_hash": make.digest("unknown")},
        {"response_id": ids.new_id()},
        {"decided_at": "today"},
    ],
)
def test_a_grade_that_cannot_be_is_refused(store: Store, wrong: dict[str, object]) -> None:
    made = msgspec.structs.replace(make.grade(make.store_response(store)), **wrong)

    with pytest.raises(StoreError, match=r"contradicts|nothing to undo"):
        make.add(store, made)

    assert store.judgements.events() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE judgements SET level = 'fail'",
        "DELETE FROM judgements",
        "INSERT OR REPLACE INTO judgements SELECT * FROM judgements",
        "UPDATE responses SET text = 'better'",
        "DELETE FROM responses",
        "INSERT OR REPLACE INTO responses SELECT * FROM responses",
        "UPDATE items SET instruction = 'easier'",
        "DELETE FROM rubrics",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_stored(
    store: Store, path: Path, statement: str
) -> None:
    response = make.store_response(store)
    made = make.add(store, make.grade(response))
    someone_else = sqlite3.connect(path)

    with pytest.raises(sqlite3.IntegrityError), someone_else:
        someone_else.execute(statement)

    someone_else.close()
    assert store.responses.all() == [response]
    assert store.judgements.events() == [made]


def test_a_judgement_is_newest_even_after_the_clock_went_back(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        response = make.store_response(store)
        make.add(store, make.grade(response, "fail"))
    monkeypatch.setattr(ids, "_last", 0)
    monkeypatch.setattr(time, "time_ns", lambda: 10**18)

    with Store.open(path) as store:
        make.add(store, newest := make.grade(response, "pass"))

        assert make.current(store, response.id) == newest
