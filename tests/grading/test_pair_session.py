"""A session of pairs: what is asked, what is stored of it, and how it goes on after it was left."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from making import task
from msgspec.structs import replace
from store import make

from tui.catalogue.item import items_of
from tui.grading.compared import CHOICES
from tui.grading.decisions import Grade, Seen, Skip
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.pair_opening import PairShelf
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.items import item_record, rubric_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.pair_session import PairSession
    from tui.store.judgement_records import JudgementRecord

TASKS = (task("code", 3), task("text", 2))
MODELS = ("zebu", "quokka", "vicunja")
LEFT, RIGHT, EQUAL, BOTH_BAD = map(Grade, CHOICES)
PAIRS = 3 * 5


def answer(store: Store, models=MODELS, tasks=TASKS, texts=None, **changes) -> None:
    """Every text another, unless some are given: then one for each model."""
    numbers = count(len(store.progress.all()))
    for each in tasks:
        for item in items_of(each):
            rubric = rubric_record(item)
            asked = item_record(item, rubric)
            for place, name in enumerate(models):
                text = texts[place] if texts else f"answer {next(numbers)}"
                made = make.response(make.new_id(), of=make.model(name), to=asked, text=text, **changes)
                recorded = make.recorded(made, of=make.model(name), to=asked)
                store.responses.add(replace(recorded, rubric=rubric))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        answer(opened)
        yield opened


def begun(store: Store, wanted=ToJudge(), *, blind: bool = True, new: bool = False) -> PairSession:  # noqa: B008 - frozen
    shelf = PairShelf(store, TASKS, "mei", blind=blind)
    session = (shelf.begin(wanted) if new else shelf.open(wanted)).session
    assert session is not None
    session.go_to(session.start())
    return session


def judge(session: PairSession, *decisions) -> list[JudgementRecord]:
    """One after another, as the session leads."""
    judged = []
    for decision in decisions:
        target = session.next()
        assert target is not None
        if target.place is not None:
            session.go_to(target.place)
        slot = session.current().slots[0].id if target.slot is None else target.slot
        judged.append(session.decide(slot, decision, Seen(seconds=2.0, in_view=2)).judgement)
    return judged


def texts(session: PairSession) -> tuple[str, ...]:
    return tuple(slot.text for slot in session.current().slots)


def test_a_sheet_has_two_answers_to_one_item_and_four_choices(store: Store) -> None:
    session = begun(store)
    assert session.progress() == Progress(0, PAIRS)
    for place in range(len(session.items)):
        sheet = session.go_to(place)
        assert [slot.label for slot in sheet.slots] == ["Left answer", "Right answer"]
        assert all(slot.known is None and slot.judgeable for slot in sheet.slots)
        assert [level.label for level in sheet.item.rubric.levels] == ["left", "right", "equal", "both bad"]
        assert all(name not in repr(sheet.slots).casefold() for name in MODELS)
        assert [level.label for level in sheet.item.standard.levels] == ["fail", "partial", "pass"]


@pytest.mark.parametrize("slot", [0, 1])
def test_a_choice_is_about_both_and_is_stored_with_who_stood_where(store: Store, slot: int) -> None:
    session = begun(store)
    for decision, label in ((LEFT, "left"), (RIGHT, "right"), (EQUAL, "equal"), (BOTH_BAD, "both bad")):
        sheet = session.current()
        left, right = texts(session)
        change = session.decide(sheet.slots[slot].id, decision, Seen(seconds=1.5, in_view=2))
        assert [each.given.level for each in session.current().slots] == [label, label]
        (row,) = store.query("SELECT * FROM tidy_preferences WHERE id = ?", [change.judgement.id])
        stood = (row["response"], row["other_response"])
        assert stood == ((left, right) if row["place"] == 1 else (right, left))
        assert row["response_id"] < row["other_response_id"]
        better = {"response": row["response"], "other": row["other_response"]}.get(row["side"], row["side"])
        assert better == {"left": left, "right": right}.get(label, label)
        assert (row["mode"], row["kind"], row["in_view"], row["occasion"]) == (
            "pairs",
            "preference",
            2,
            "first",
        )
        assert (row["blind"], row["active_seconds"], row["value"]) == (1, 1.5, None)
        assert row["prompt_hash"] == sheet.item.prompt.content_hash
        session.go_to(change.next.place)
    (rubric,) = {row["criteria"] for row in store.query("SELECT criteria FROM rubrics")}
    assert "left" not in rubric


def test_it_goes_on_where_it_was_left_and_the_next_asks_only_what_is_new(store: Store) -> None:
    first = begun(store)
    order = [texts_at(first, place) for place in range(PAIRS)]
    first.go_to(0)
    judge(first, LEFT, Skip(), EQUAL)
    again = begun(store)
    assert [texts_at(again, place) for place in range(PAIRS)] == order
    assert (again.start(), again.progress()) == (3, Progress(3, PAIRS))
    judge(again, *[RIGHT] * (PAIRS - 3))
    assert again.next() is None
    opening = PairShelf(store, TASKS, "mei", blind=True).open(ToJudge())
    assert (opening.session, opening.stored) == (None, PAIRS)
    assert PairShelf(store, TASKS, "mei", blind=True).last(ToJudge()).progress() == Progress(PAIRS, PAIRS)
    answer(store, ("late",))
    new = begun(store)
    assert new.progress() == Progress(0, PAIRS)
    assert Shelf(store, TASKS, "mei", blind=True).open(ToJudge()).session.progress().judged == 0


def texts_at(session: PairSession, place: int) -> tuple[str, ...]:
    session.go_to(place)
    return texts(session)
