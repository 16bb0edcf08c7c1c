"""What a grader has seen of an answer says of which occasion a judgement is, and none replaces another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grading import test_pair_session as pairs
from grading.test_stored_session import TASKS, answer, judge, opened
from tui.grading.decisions import Grade, Note
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.session import Session

MODELS = ("zebu", "quokka", "vicunja")
FAIL, PARTIAL, PASS = TASKS[0].levels
CODE = ToJudge(tasks=("code",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        answer(opened, models=MODELS)
        yield opened


def blind(store: Store, wanted=CODE, grader: str = "mei") -> Session:
    session = Shelf(store, TASKS, grader, blind=True).open(wanted).session
    assert session is not None
    session.go_to(session.start())
    return session


def given(store: Store, session: Session, count: int) -> list[tuple[str, bool]]:
    """Occasion and blindness of so many judgements to come."""
    before = len(store.judgements.events())
    judge(session, count, Grade(FAIL))
    return [(event.occasion, event.blind) for event in store.judgements.events()[before:]]


def test_who_saw_an_author_in_the_open_judges_no_answer_blind_for_the_first_time(store: Store) -> None:
    session = opened(store, CODE)
    slot = session.current().slots[0]
    session.decide(slot.id, Note("by its name"))
    judge(session, 1, Grade(PASS))
    session.undo()
    assert sorted(given(store, blind(store), 9)) == [("after_reveal", True)] + [("first", True)] * 8


def test_what_a_revealed_session_shows_is_known_in_the_next_blind_one(store: Store) -> None:
    session = blind(store)
    judge(session, 1)
    session.reveal()
    answer(store, TASKS[:1], ("ibex",))
    chosen = ToJudge(prompts=("code/1", "code/2", "code/3", "text/1"))
    found = given(store, blind(store, chosen), 8 + 3 + 3)
    assert sorted(found) == [("after_reveal", True)] * 8 + [("first", True)] * (3 + 3)
    ada = blind(store, chosen, "ada")
    assert set(given(store, ada, 15)) == {("first", True)}


def test_of_a_part_that_is_revealed_the_rest_stays_unknown(store: Store) -> None:
    answer(store, TASKS[:1], MODELS[:1], sample=2)
    session = blind(store, ToJudge(tasks=("code",), samples=1, limit=3))
    assert set(given(store, session, 3)) == {("first", True)}
    session.reveal()
    rest = given(store, blind(store), 9)
    assert sorted(rest) == [("first", True)] * 9


def test_a_grade_given_blind_again_after_a_reveal_leaves_the_first_one(store: Store) -> None:
    first = blind(store)
    (judged,) = judge(first, 1, Grade(PASS))
    other = blind(store, ToJudge(tasks=("text",)))
    first.reveal()
    session = other
    session.visit(judged)
    session.decide(session.current().slots[0].id, Grade(FAIL))
    rows = store.query("SELECT occasion, level FROM in_force WHERE response_id = ?", [judged])
    assert {(row["occasion"], row["level"]) for row in rows} == {("first", "pass"), ("after_reveal", "fail")}
    session.visit(judged)
    assert session.current().slots[0].given.level == "fail"


def test_a_reveal_in_another_window_counts_at_once(store: Store) -> None:
    first, other = blind(store), blind(store, ToJudge(prompts=("code/1", "code/2", "code/3")))
    assert {*given(store, first, 1), *given(store, other, 1)} == {("first", True)}
    blind(store).reveal()
    assert {*given(store, first, 1), *given(store, other, 1)} == {("after_reveal", True)}


def test_what_was_judged_after_a_reveal_is_changed_by_whoever_judges_in_the_open(store: Store) -> None:
    session = blind(store)
    session.reveal()
    (judged,) = judge(session, 1, Grade(PASS))
    session = opened(store, ToJudge(tasks=("text",)))
    session.visit(judged)
    session.decide(session.current().slots[0].id, Grade(FAIL))
    session.visit(judged)
    assert session.current().slots[0].given.level == "fail"


def test_pairs_of_answers_whose_authors_were_revealed_are_judged_after_the_reveal(tmp_path: Path) -> None:
    with Store.open(tmp_path / "pairs.db") as store:
        pairs.answer(store)
        session = blind(store)
        judge(session, 1)
        session.reveal()
        session = pairs.begun(store)
        found = pairs.judge(session, *[pairs.LEFT] * session.progress().total)
        by_task = {(store.responses.get(each.response_id).task, each.occasion) for each in found}
        assert by_task == {("code", "after_reveal"), ("text", "first")}
        assert all(each.blind for each in found)
