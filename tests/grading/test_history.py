"""The history of a session: what stands of each answer, what waits, and the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store import make

from tui.grading.decisions import Flag, Grade, Note, Skip
from tui.grading.history import Filter
from tui.grading.judged import Given
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.store.database import Store

from .test_session import CODE, FAIL, PASS, Opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tui.grading.session import Session


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    with Store.open(tmp_path / "grades.db") as store:
        made = Opened(tmp_path, store)
        await made.answer()
        yield made
        await made.live.close()


def ids(session: Session, show: str = "all", **wanted: str) -> list[str]:
    return [each.response_id for each in session.history(Filter(show, **wanted)).entries]  # type: ignore[arg-type]


async def test_an_entry_says_what_stands_and_leads_to_its_answer(opened: Opened) -> None:
    session = opened.session
    first, second = opened.slots
    session.decide(first, Grade(FAIL))
    session.decide(first, Note("one slip"))
    session.decide(second, Skip())
    session.decide(second, Flag("look again"))
    session.go_to(1)

    newest, older = session.history().entries

    assert (older.item, older.title, older.model) == ("code/1", "code 1", "Model-1")
    assert (older.givens, older.judged.note) == ((("overall", Given("fail", 0.0)),), "one slip")
    assert (newest.givens, newest.judged.flag) == ((("overall", Given()),), "look again")
    target = session.find(older.response_id)
    assert target is not None and (target.place, target.slot) == (0, first)
    assert ids(session, "flagged") == ids(session, "skipped") == [newest.response_id]
    assert ids(session, "level", level="fail") == ids(session, words="model-1 SLIP") == [older.response_id]


async def test_open_ones_are_those_that_wait_in_the_sessions_order(opened: Opened) -> None:
    await opened.answer(1)
    session = opened.session
    assert session.history().entries == ()
    before = session.history(Filter("open")).entries
    assert [(each.item, each.model) for each in before] == [
        ("code/1", "Model-1"),
        ("code/1", "Model-2"),
        ("code/2", "Model-1"),
        ("code/2", "Model-2"),
    ]
    session.decide(opened.slots[0], Grade(PASS))
    waiting = session.history(Filter("open", words="model-1")).entries
    assert [each.item for each in waiting] == ["code/1"]


async def test_pages_join_without_a_gap(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.grading.history.PAGE", 1)
    opened.session.decide(opened.slots[0], Grade(PASS))
    await opened.answer(1)
    opened.session.decide(opened.slots[0], Grade(PASS))
    for show in ("all", "open"):
        first = opened.session.history(Filter(show))  # type: ignore[arg-type]
        last = opened.session.history(Filter(show), first.entries[-1])  # type: ignore[arg-type]
        assert (len(first.entries), first.is_last) == (1, False)
        assert (len(last.entries), last.is_last) == (1, True)
        assert first.entries[0].item != last.entries[0].item


async def test_a_session_over_stored_answers_has_its_own_judgements_only(opened: Opened) -> None:
    opened.session.decide(opened.slots[0], Grade(PASS))
    graded = Shelf(opened.store, (CODE,), "mei").begin(ToJudge()).session
    assert graded is not None
    graded.go_to(0)
    assert (len(ids(graded)), len(ids(graded, "open"))) == (0, 1)
    change = graded.decide(opened_slot(graded), Grade(FAIL))
    assert change.judgement is not None
    assert ids(graded) == [change.judgement.response_id]
    assert len(ids(opened.session)) == 2


async def test_events_say_what_stands_what_was_replaced_and_what_taken_back(opened: Opened) -> None:
    session, (first, _) = opened.session, opened.slots
    session.decide(first, Grade(FAIL))
    session.decide(first, Grade(PASS))
    session.decide(first, Note("one"))
    session.decide(first, Flag("odd"))
    session.undo()
    session.redo()
    session.decide(first, Note(""))
    session.undo()
    response = opened.store.responses.get(session.history().entries[0].response_id)
    assert response is not None
    make.add(opened.store, make.grade(response, grader="ada"))

    events = session.events(first)

    assert [(event.kind, event.level or event.text, event.standing) for event in events] == [
        ("grade", "fail", "replaced"),
        ("grade", "pass", "stands"),
        ("note", "one", "stands"),
        ("flag", "odd", "stands"),
        ("undo", "odd", ""),
        ("redo", "odd", ""),
        ("note", "", "taken back"),
        ("undo", "", ""),
    ]


def opened_slot(session: Session) -> int:
    sheet = session.current()
    assert sheet is not None
    return sheet.slots[0].id
