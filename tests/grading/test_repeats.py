"""Silent repeats: what is judged once more, where, and that neither judgement replaces the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import task

from grading.test_stored_session import TASKS, answer, follow, judge
from tui.catalogue.item import items_of
from tui.grading.decisions import Grade
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.planned import Planned
from tui.grading.repeats import BETWEEN, RATE, decisions, with_repeats
from tui.grading.selection import ToJudge
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.session import Session

LONG = (task("code", 12), task("text", 9), task("names", 2))
FAIL, PARTIAL, PASS = TASKS[0].levels


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        answer(opened, LONG)
        yield opened


def begun(store: Store, wanted=ToJudge(), tasks=LONG) -> Session:  # noqa: B008 - frozen
    session = Shelf(store, tasks, "mei", blind=True, repeat_rate=RATE).open(wanted).session
    assert session is not None
    session.go_to(session.start())
    return session


def shown(session: Session) -> list[tuple[str, ...]]:
    """By place, the ids of what is on the sheet, in the order of its slots."""
    found = []
    for place in range(len(session.items)):
        session.go_to(place)
        found.append(tuple(samples.stored[0] for samples in session._shown))
    return found


def test_whole_sheets_come_again_later_dealt_anew_and_fill_a_tenth(store: Store) -> None:
    dealt_anew = 0
    for _ in range(20):
        session = Shelf(store, LONG, "mei", blind=True, repeat_rate=RATE).begin(ToJudge()).session
        sheets = shown(session)
        again = [place for place in range(len(sheets)) if session._answers.repeats(place)]
        assert sum(len(sheets[place]) for place in again) == 12  # four sheets of three, for ten decisions
        for place in again:
            (first,) = (
                other
                for other, sheet in enumerate(sheets)
                if other not in again and set(sheet) == set(sheets[place])
            )
            assert sum(other not in again for other in range(first + 1, place)) >= BETWEEN
            dealt_anew += sheets[place] != sheets[first]
        names = [item.task.name for item in session.items]
        assert all(names[place] == names[place - 1] for place in again)  # tasks stay in blocks
    assert dealt_anew > 40


def test_a_repeat_is_another_judgement_and_each_stands(store: Store) -> None:
    session = begun(store)
    total = session.progress().total
    assert total == 69 + 12
    judge(session, total - 1, Grade(PASS))
    assert session.ending().known.words == ""
    judge(session, 1, Grade(PASS))
    assert session.ending().known.words == "Judged again: 12 of 12 as before."
    assert session.next() is None
    assert session.progress() == Progress(81, 81)
    events = store.judgements.events()
    assert sum(event.occasion == "repeat" for event in events) == 12
    assert all(event.blind for event in events)
    again = next(place for place in range(len(session.items)) if session._answers.repeats(place))
    sheet = session.go_to(again)
    session.decide(sheet.slots[0].id, Grade(FAIL))
    id_ = session._shown[0].stored[0]
    stand = {
        row["occasion"]: row["level"]
        for row in store.query("SELECT occasion, level FROM in_force WHERE response_id = ?", [id_])
    }
    assert stand == {"first": "pass", "repeat": "fail"}
    assert session.current().slots[0].given.level == "fail"
    first = session.find(id_)
    follow(session, first)
    assert {slot.given.level for slot in session.current().slots} == {"pass"}


def test_undo_leads_back_to_the_sheet_where_it_was_given(store: Store) -> None:
    session = begun(store)
    again = next(place for place in range(len(session.items)) if session._answers.repeats(place))
    sheet = session.go_to(again)
    session.decide(sheet.slots[0].id, Grade(FAIL))
    assert [event.level for event in session.events(sheet.slots[0].id)] == ["fail"]
    taken = session.undo()
    back = session.find(taken.response_id, repeated=taken.repeats)
    assert back.place == again
    first = session.go_to(session.find(taken.response_id).place)
    assert [session.events(slot.id) for slot in first.slots] == [()] * 3  # nothing tells what was given there
    assert session.progress().judged == 0


def test_it_goes_on_with_the_same_repeats_where_it_was_left(store: Store) -> None:
    session = begun(store)
    order = shown(session)
    judge(session, 40)
    answer(store, (task("more", 3),))
    left = begun(store)
    assert shown(left) == order
    assert left.progress() == Progress(40, 81)


def test_what_is_judged_elsewhere_meanwhile_stays_on_its_sheet_and_moves_no_repeat(store: Store) -> None:
    session = begun(store)
    order = shown(session)
    judge(begun(store, ToJudge(tasks=("text",))), 15, Grade(FAIL))
    left = begun(store)
    assert shown(left) == order
    assert left.progress() == Progress(15, 81)
    judge(left, 66)
    assert left.next() is None


def test_a_short_session_repeats_nothing_and_all_of_it_is_judged_once_more_another_time(tmp_path) -> None:
    with Store.open(tmp_path / "short.db") as store:
        answer(store)
        session = begun(store, tasks=TASKS)
        assert session.progress() == Progress(0, 21)
        assert Shelf(store, TASKS, "mei", blind=True).open(ToJudge(again=True)).session is None
        judge(session, 5)
        once_more = Shelf(store, TASKS, "mei", blind=True, repeat_rate=RATE).open(ToJudge(again=True)).session
        once_more.go_to(once_more.start())
        assert once_more.progress() == Progress(0, 5)
        judge(once_more, 4, Grade(FAIL))
        judge(once_more, 1)
        assert once_more.next() is None
        assert once_more.ending().known.words == "Judged again: 1 of 5 as before."
        assert [event.occasion for event in store.judgements.events()] == ["first"] * 5 + ["repeat"] * 5
        assert begun(store, tasks=TASKS).progress() == Progress(5, 21)
        assert Shelf(store, TASKS, "mei", blind=True).open(ToJudge(again=True)).session is None


@pytest.mark.parametrize(("answers", "repeated"), [(59, 0), (60, 10), (99, 10), (101, 11), (1000, 100)])
def test_how_many_are_repeated(answers: int, repeated: int) -> None:
    item = next(iter(items_of(LONG[0])))
    sheets = [Planned(item, {"model": (str(number),)}) for number in range(answers)]
    assert decisions(with_repeats(sheets, 7, RATE)) - answers == repeated
    assert with_repeats(sheets, 7, 0.0) == sheets
