"""A blind session: what its slots hold, and what a reveal changes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pytest

from grading.test_stored_session import TASKS, answer, judge, opened
from tui.errors import UsageError
from tui.grading.decisions import Grade, Note
from tui.grading.history import Filter
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.session import Session

MODELS = ("zebu", "quokka", "vicunja")
FAIL, PARTIAL, PASS = TASKS[0].levels


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        answer(opened, models=MODELS)
        yield opened


def begun(store: Store, wanted=ToJudge(), grader: str = "mei") -> Session:  # noqa: B008 - frozen
    session = Shelf(store, TASKS, grader, blind=True).open(wanted).session
    assert session is not None
    session.go_to(session.start())
    return session


def test_a_slot_holds_a_letter_and_a_text_and_no_author(store: Store) -> None:
    session = begun(store)
    for place in range(len(session.items)):
        sheet = session.go_to(place)
        assert [slot.label for slot in sheet.slots] == ["Answer A", "Answer B", "Answer C"]
        assert all(slot.known is None and slot.samples == 1 for slot in sheet.slots)
        assert all(name not in repr(sheet.slots).casefold() for name in MODELS)
    judge(session, 21)
    session.decide(session.current().slots[0].id, Note("look"))
    found = (session.history(), session.history(Filter("open")), session.last_judged(), session.ending())
    assert all(name not in repr(found).casefold() for name in MODELS)
    assert session.history(Filter(words="zebu")).entries == ()
    assert len(session.history(Filter(words="look")).entries) == 1


def test_each_sample_has_a_sheet_of_its_own_after_those_before_it(store: Store) -> None:
    answer(store, TASKS[:1], ("quokka",), sample=2)
    session = begun(store, ToJudge(tasks=("code",)))
    counts = [len(session.go_to(place).slots) for place in range(len(session.items))]
    assert counts == [3, 3, 3, 1, 1, 1]
    assert session.progress() == Progress(0, 12)
    judge(session, 12)
    assert session.next() is None


def test_a_reveal_is_for_good_and_what_comes_after_it_is_another_judgement(store: Store) -> None:
    session = begun(store)
    (judged,) = judge(session, 1, Grade(PASS))
    session.reveal()
    assert not session.blind
    target = session.find(judged)
    sheet = session.go_to(target.place)
    assert {slot.label for slot in sheet.slots} == {name.capitalize() for name in MODELS}
    session.decide(target.slot, Grade(FAIL))
    assert session.slot(sheet.position(target.slot)).given.level == "fail"
    assert session.progress() == Progress(1, 21)
    judge(session, 20)
    assert session.next() is None
    counts = [(event.occasion, event.blind) for event in store.judgements.events()]
    assert counts == [("first", True)] + [("after_reveal", False)] * 21
    stand = store.query("SELECT level FROM in_force WHERE response_id = ? ORDER BY occasion DESC", [judged])
    assert [row["level"] for row in stand] == ["pass", "fail"]

    again = Shelf(store, TASKS, "mei", blind=True).last(ToJudge())
    assert not again.blind
    session.undo()
    assert begun(store).progress() == Progress(20, 21)


def test_a_reveal_opens_one_session_and_an_open_one_waits_for_it(store: Store) -> None:
    first, second = begun(store, ToJudge(tasks=("code",))), begun(store, ToJudge(tasks=("text",)))
    other = begun(store, ToJudge(tasks=("code",)), "ada")
    second.reveal()
    assert first.blind
    assert other.blind
    assert Shelf(store, TASKS, "mei", blind=True).last(ToJudge(tasks=("code",))).blind
    with pytest.raises(UsageError, match="is blind: reveal it first"):
        Shelf(store, TASKS, "mei").open(ToJudge(tasks=("names",)))
    first.reveal()
    assert not opened(store, ToJudge(tasks=("names",))).blind


def test_a_guess_and_a_look_are_kept(store: Store) -> None:
    session = begun(store)
    judge(session, 4)
    assert session.guessable() == {name: name.capitalize() for name in sorted(MODELS)}
    asked = session.to_guess()
    assert len(asked) == 4
    session.guess(asked[0].response_id, "quokka")
    session.guess(asked[0].response_id, "zebu")
    assert [each.response_id for each in session.to_guess()] == [each.response_id for each in asked[1:]]
    session.look("others")
    (guessed,) = store.sessions.guesses(store.sessions.blind(store.graders.find("mei").id)[0].id).values()
    assert guessed == "zebu"
    looks = list(store.query("SELECT looked_into, judged, planned FROM looks"))
    assert looks == [{"looked_into": "others", "judged": 4, "planned": 21}]


def test_where_one_model_answered_nobody_guesses(store: Store) -> None:
    session = begun(store, ToJudge(models=("zebu",)))
    judge(session, 4)
    assert session.to_guess() == []


def test_after_the_reveal_guesses_are_counted_and_none_is_asked_for(store: Store) -> None:
    session = begun(store)
    judge(session, 21)
    asked = session.to_guess()
    assert session.guessed() is None
    for each in asked:
        session.guess(each.response_id, "quokka")
    session.reveal()
    right = sum(store.responses.get(each.response_id).model == "quokka" for each in asked)
    assert session.guessed() == (right, 5, pytest.approx(5 / 3))
    assert session.to_guess() == []


def test_a_remark_that_tells_of_a_model_waits_for_the_reveal(store: Store) -> None:
    told = ("asked as the vicunjas are", "it was sent Zebu's answer")
    for remark in ("line breaks lost in print", *told):
        answer(store, TASKS[:1], ("ibex",), lost_in_print=remark)
    session = begun(store, ToJudge(tasks=("code",), models=("ibex",)))
    shown = {slot.remarks for place in range(9) for slot in session.go_to(place).slots}
    assert shown == {(), ("line breaks lost in print",)}
    session.reveal()
    shown = {slot.remarks for place in range(9) for slot in session.go_to(place).slots}
    assert {remark for each in shown for remark in each} == {"line breaks lost in print", *told}


def test_beside_a_report_no_order_tells_of_models(tmp_path: Path) -> None:
    with Store.open(tmp_path / "report.db") as store:
        import_built_in(store, REPORT, app_version="0")
        session = Shelf(store, (), "mei", blind=True).open(ToJudge()).session
        session.go_to(session.start())
        judge(session, 30)
        beside = session.agreement()
        assert {each.model for each in beside} == {""}
        by_item = groupby(beside, key=lambda each: each.item)
        orders = [[store.responses.get(each.response_id).model for each in rows] for _, rows in by_item]
        assert len(orders) == 9
        assert any(order != sorted(order) for order in orders)
        assert session.agreement() == beside


def test_a_choice_of_models_does_not_tell_what_another_session_hides(store: Store) -> None:
    session = begun(store, ToJudge(tasks=("code",)))
    for wanted in (ToJudge(models=("zebu",)), ToJudge(prompts=("code/1",), models=("zebu", "quokka"))):
        with pytest.raises(UsageError, match="is blind, and -m would tell who wrote its answers"):
            begun(store, wanted)
    assert begun(store, ToJudge(tasks=("text",), models=("zebu", "quokka"))).progress() == Progress(0, 4)
    assert begun(store, ToJudge(prompts=("code/1",), models=("zebu",)), "ada").progress() == Progress(0, 1)
    assert begun(store, ToJudge(tasks=("code",))).progress() == Progress(0, 9)
    session.reveal()
    assert begun(store, ToJudge(tasks=("names",), models=("zebu",))).progress() == Progress(0, 2)
