"""A grader's habits: what is associated with what a grader gave, and what else is said of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace
from store import make

from tui.analysis.compared import compared
from tui.analysis.habits import habits
from tui.analysis.intervals import bootstrapped, wilson
from tui.analysis.judged import judged
from tui.analysis.results import Filters, results
from tui.catalogue.item import Item
from tui.catalogue.known_answer import KnownAnswer
from tui.catalogue.own_prompt import USUAL_LEVELS
from tui.catalogue.task import Prompt, Task
from tui.store.database import Store
from tui.store.figure_rows import PreferenceRow, figure_rows
from tui.store.ids import new_id, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord

from .given import answer, grade, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.analysis.habits import GraderHabits, Habit
    from tui.store.figure_rows import FigureRows
    from tui.store.judgement_records import SessionRecord


def found(of: FigureRows) -> list[GraderHabits]:
    all_judged = judged(of)
    first = all_judged.of_kind("person").on("first").to_what_was_asked()
    return list(habits(first, compared(of, all_judged.models).of_kind("person").on("first"), of))


def habit(of: FigureRows, name: str) -> Habit | None:
    (only,) = found(of)
    return next((each for each in only.habits if each.name == name), None)


def judgements(*items: list[tuple[int, dict[str, Any]]]) -> FigureRows:
    """Of one grader: for each item the levels, each with how it was given (of the answer: its `length`)."""
    answers, grades = [], []
    for item, given in enumerate(items):
        for place, (level, how) in enumerate(given):
            made = answer(f"{item}-{place}", item, length=how.pop("length", 9))
            answers.append(made)
            grades.append(grade(made, "mei", level, **{"seq": len(grades) + 1} | how))
    return rows(answers, grades)


def test_longer_answers_are_of_pairs_of_different_length_and_value():
    of = judgements(
        [(0, {"length": 5}), (2, {"length": 10}), (1, {"length": 10}), (1, {"length": 7})],
        [(2, {"length": 5}), (0, {"length": 10})],
        [(1, {"length": 5}), (1, {"length": 10})],
        [(1, {"length": 5})],
    )
    longer = habit(of, "longer answers")
    assert longer is not None
    assert longer.items == 2
    assert longer.estimate == pytest.approx((4 / 4 + -1) / 2)


@pytest.mark.parametrize(
    ("name", "how", "other"),
    [
        ("shown first", {"place": 1}, {"place": 3}),
        ("names itself", {"names_itself": True}, {"names_itself": False}),
        ("rows unread", {"rows_unread": 4}, {"rows_unread": 0}),
        ("quick", {"seconds": 2.0}, {"seconds": 5.0}),
    ],
)
def test_an_association_is_the_mean_of_some_of_an_item_less_that_of_the_others(name, how, other):
    of = judgements(
        [(2, how | {}), (1, how | {}), (1, other | {}), (0, {})],
        [(2, how | {}), (0, other | {}), (1, other | {})],
        [(2, how | {})],
        [(0, other | {}), (0, other | {})],
    )
    shown = habit(of, name)
    assert shown is not None
    assert shown.items == 2
    assert shown.estimate == pytest.approx((0.25 + 0.75) / 2)
    values = np.array([[0.25], [0.75]])
    assert [(shown.low, shown.high)] == bootstrapped(values, (-1, 1))


def test_what_is_as_slow_as_the_median_is_not_quick():
    of = judgements([(2, {"seconds": 1.0}), (0, {"seconds": 3.0}), (1, {"seconds": 3.0})])
    quick = habit(of, "quick")
    assert quick is not None
    assert quick.estimate == 0.75
    assert found(of)[0].median_seconds == 3.0


def test_later_is_an_item_in_the_second_half_less_all_of_the_first():
    """Five of one task by `seq`: the middle one is in the first half. Another task has halves of its own."""
    of = judgements(
        [(0, {"seq": 50}), (1, {"seq": 10})], [(2, {"seq": 40}), (1, {"seq": 20}), (0, {"seq": 30})]
    )
    later = habit(of, "later")
    assert later is not None
    before = (0.5 + 0.5 + 0) / 3
    assert later.estimate == pytest.approx(((0 - before) + (1 - before)) / 2)
    other = [each._replace(task="ner") if each.prompt_hash == "001" else each for each in of.answers]
    alone = habit(of._replace(answers=other), "later")
    assert alone is not None
    assert alone.estimate == pytest.approx(((0 - 0.5) + (1 - 0.25)) / 2)


def test_what_was_not_measured_shows_nothing():
    (mei,) = found(judgements([(0, {}), (2, {})], [(1, {})]))
    assert [each.name for each in mei.habits] == ["later"]
    assert mei.median_seconds is None
    assert (mei.grader, mei.criterion, mei.judgements) == ("mei", "overall", 3)


def test_a_habit_shows_where_its_interval_is_on_one_side_of_none():
    items = [[(2, {"place": 1}), (0, {"place": 2})] for _ in range(9)]
    shown = habit(judgements(*items), "shown first")
    assert shown is not None
    assert (shown.estimate, shown.high, shown.shows) == (1, 1, True)
    mixed = [[(2 * (n % 2), {"place": 1}), (2 - 2 * (n % 2), {"place": 2})] for n in range(9)]
    not_shown = habit(judgements(*mixed), "shown first")
    assert not_shown is not None
    assert not_shown.shows is False


def test_a_skip_of_a_broken_answer_counts_as_the_worst():
    of = judgements([(2, {"place": 1}), (0, {"place": 2})])
    skipped = [each._replace(level=None) if each.place == 2 else each for each in of.grades]
    assert habit(of._replace(grades=skipped), "shown first") is None
    broken = [each._replace(finish_reason="length") if each.id == "0-1" else each for each in of.answers]
    shown = habit(of._replace(answers=broken, grades=skipped), "shown first")
    assert shown is not None
    assert shown.estimate == 1


def test_left_of_a_pair():
    answers = [answer(f"{model}{item}", item, model=model) for model in "ab" for item in range(2)]

    def pair(item: int, side: str, place: int | None) -> PreferenceRow:
        return PreferenceRow(
            f"a{item}", f"b{item}", "mei", "s", "overall", "first", side, True, place, 3.0, False, 1
        )  # fmt: skip

    pairs = [
        pair(0, "response", 1), pair(0, "other", 2), pair(0, "other", 1), pair(1, "response", 2),
        pair(1, "equal", 1), pair(1, "both bad", 1), pair(1, "response", None),
    ]  # fmt: skip
    graded = rows(answers, [grade(answers[0], "mei", 1)])
    of = graded._replace(preferences=pairs)
    left = habit(of, "left of a pair")
    assert left is not None
    assert left.items == 2
    assert left.estimate == pytest.approx((1 / 3 + -1) / 2)
    (only_pairs,) = found(of._replace(grades=[]))
    assert (only_pairs.judgements, [each.name for each in only_pairs.habits]) == (0, ["left of a pair"])


def test_the_same_text_to_one_item_with_different_levels():
    answers = [
        answer("a", model="b", text_sha256="x"), answer("b", model="a", text_sha256="x"),
        answer("c", text_sha256="x"), answer("d", 1, text_sha256="x"), answer("e", 1, text_sha256="x"),
        answer("f", 2, text_sha256="x"), answer("g", 2, text_sha256="y"),
    ]  # fmt: skip
    levels = {"a": 2, "b": 0, "c": None, "d": 1, "e": 1, "f": 0, "g": 2}
    given = [grade(each, "mei", levels[each.id]) for each in answers]
    (mei,) = found(rows(answers, given))
    (only,) = mei.same_text
    assert (only.item, only.answers) == ("qa/0", (("a", "b", "pass"), ("b", "a", "fail")))


levels = st.lists(st.integers(0, 2), min_size=12, max_size=12)


@settings(max_examples=20, deadline=None)
@given_any(levels, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(given, lot):
    places = [lot.randint(1, 3) for _ in given]
    made = [
        (level, {"place": place, "seconds": float(place)}) for level, place in zip(given, places, strict=True)
    ]
    of = judgements(made[:5], made[5:9], made[9:])
    shuffled = list(of.grades)
    lot.shuffle(shuffled)
    assert found(of._replace(grades=shuffled)) == found(of)
    for each in found(of)[0].habits:
        assert -1 <= each.low <= each.high <= 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "g.db") as opened:
        yield opened


CONTROLS = (KnownAnswer(text="11", level="partial"), KnownAnswer(text="12", level="fail"))
TASK = Task(name="sums", title="Sums", levels=USUAL_LEVELS)
ITEM = Item(TASK, Prompt(number=1, title="Sum", text="What is 1 + 1?", controls=CONTROLS))
ASKED = item_record(ITEM, rubric_record(ITEM))


def judge(store: Store, session: SessionRecord, response_id: str, level: str, **changes: Any) -> None:
    fields = {
        "id": new_id(), "session_id": session.id, "grader_id": session.grader_id, "kind": "grade",
        "response_id": response_id, "item_hash": ASKED.hash, "level": level, "value": 0.5,
        "decided_at": now(), "app_version": "0", "blind": True,
    }  # fmt: skip
    store.judgements.add(JudgementRecord(**fields | changes))


def answered(store: Store, *models: str, **changes: Any) -> list[str]:
    ids = []
    for name in models:
        made = make.response(new_id(), of=make.model(name), to=ASKED, **changes)
        recorded = make.recorded(made, of=make.model(name), to=ASKED)
        store.responses.add(replace(recorded, rubric=rubric_record(ITEM)))
        ids.append(made.id)
    return ids


def test_controls_are_counted_and_are_in_no_other_figure(store):
    controls = [known.listed.id for known in store.known_answers.put([ITEM])]
    (answer_id,) = answered(store, "tiny")
    session = store.sessions.begin("mei", mode="grade", app_version="0", blind=True)
    for each in controls:
        judge(store, session, each, "partial")
    judge(store, session, controls[0], "fail", occasion="repeat")
    judge(store, session, answer_id, "pass")
    hidden = results(figure_rows(store), Filters())
    assert hidden.kinds == ()
    store.sessions.reveal(session.id)
    (mei,) = results(figure_rows(store), Filters()).kinds[0].habits
    assert mei.controls is not None
    assert (mei.controls.right, mei.controls.judged, mei.judgements) == (1, 2, 1)


def test_guesses_stand_beside_chance(store):
    """Of three models that answered whole; the newest guess counts, and a session that asks two models has
    two to choose from."""
    ids = answered(store, "tiny", "small", "large")
    answered(store, "stopped", finish_reason="cancelled")
    session = store.sessions.begin("mei", mode="grade", app_version="0", blind=True)
    for each in ids:
        judge(store, session, each, "pass")
    for id_, model in ((ids[0], "small"), (ids[0], "tiny"), (ids[1], "large")):
        store.sessions.guess(session.id, id_, model)
    store.sessions.reveal(session.id)
    two = store.sessions.begin(
        "mei", mode="grade", app_version="0", blind=True, selection='{"models": ["tiny", "large"]}'
    )
    store.sessions.guess(two.id, ids[2], "large")
    store.sessions.reveal(two.id)
    (mei,) = results(figure_rows(store), Filters()).kinds[0].habits
    assert mei.guesses is not None
    assert (mei.guesses.right, mei.guesses.asked) == (2, 3)
    assert mei.guesses.by_chance == pytest.approx(1 / 3 + 1 / 3 + 1 / 2)
    assert (mei.guesses.low, mei.guesses.high) == wilson(2, 3)
