"""How far a session has come, as a look at its results has it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import msgspec
import pytest

from tui.store.looking import stages, unfinished

from . import make, marks

if TYPE_CHECKING:
    from tui.store.database import Store
    from tui.store.judgement_records import SessionRecord
    from tui.store.records import ResponseRecord


def chosen(**fields: object) -> str:
    return msgspec.json.encode(fields).decode()


def told(store: Store, session: SessionRecord) -> tuple[int, int, bool]:
    ((_, judged, planned, is_finished),) = stages(store, [session.id])
    return judged, planned, is_finished


def prefer(store: Store, session: SessionRecord, *pair: ResponseRecord, place: int | None = 1) -> None:
    first, second = sorted(pair, key=lambda each: each.id)
    names = {"session_id": session.id, "grader_id": session.grader_id, "kind": "preference", "value": None}
    names |= {"other_response_id": second.id, "side": "equal", "place": place}
    store.judgements.add(make.grade(first, None, **names))


@pytest.mark.parametrize(
    ("selection", "planned"),
    [
        ({}, 8),
        ({"tasks": ["code"]}, 8),
        ({"prompts": ["code/1"]}, 3),
        ({"models": ["two"]}, 2),
        ({"samples": 1}, 4),
        ({"limit": 3}, 3),
        ({"limit": 30}, 8),
    ],
)
def test_a_session_has_to_judge_what_was_chosen_and_there_when_it_began(store, selection, planned):
    of = {"one": [], "two": []}
    for number in (1, 2):
        for sample in (1, 2, 3):
            of["one"].append(marks.answer(store, "one", marks.item(number), f"{number} {sample}", sample))
    of["one"] = of["one"][:2] + of["one"][3:]
    of["two"] = [marks.answer(store, "two", marks.item(number), f"two {number}") for number in (3, 4)]
    gone = store.responses.all()
    assert len(list(gone)) == 8
    session = marks.begun(store, selection=chosen(**selection))
    marks.answers(store, {"late": 4})
    marks.give(store, session, {"two": of["two"][:1]}, {"two": "p"})
    assert told(store, session) == (1, planned, False)


def test_a_session_over_what_was_judged_judges_it_once_more(store):
    of = marks.answers(store, {"one": 3, "two": 2})
    first = marks.begun(store)
    marks.give(store, first, of, {"one": "ppf"})
    again = marks.begun(store, selection=chosen(again=True))
    marks.give(store, again, of, {"one": "pp."}, occasion="repeat")
    assert told(store, again) == (2, 3, False)
    marks.give(store, again, of, {"one": "..p"}, occasion="repeat")
    assert told(store, again) == (3, 3, True)


def test_what_was_taken_back_is_not_judged(store):
    of = marks.answers(store, {"one": 2})
    session = marks.begun(store)
    marks.give(store, session, of, {"one": "p."})
    given = make.grade(of["one"][1], session_id=session.id, grader_id=session.grader_id)
    store.judgements.add(given)
    assert told(store, session) == (2, 2, True)
    store.judgements.add(make.undo(given))
    assert told(store, session) == (1, 2, False)


def test_a_session_of_pairs_has_each_two_answers_to_an_item_that_were_not_compared_before(store):
    of = {
        model: [marks.answer(store, model, marks.item(number), text) for number, text in enumerate(texts, 1)]
        for model, texts in {"one": "ab", "two": "cd", "three": "ed"}.items()
    }
    pairs = [pair for answers in zip(*of.values(), strict=True) for pair in combinations(answers, 2)]
    *asked, same = pairs
    before = marks.begun(store, mode="pairs")
    prefer(store, before, *asked[0])
    assert told(store, before) == (1, 5, False)
    session = marks.begun(store, mode="pairs")
    for pair in asked[1:4]:
        prefer(store, session, *pair)
    prefer(store, session, *same, place=None)
    assert told(store, session) == (3, 4, False)
    prefer(store, session, *asked[4])
    assert told(store, session) == (4, 4, True)


def test_grading_as_one_likes_and_sessions_without_a_judgement_have_no_end_to_look_before(store):
    of = marks.answers(store, {"one": 2})
    free, untouched = marks.begun(store, mode="free", blind=False), marks.begun(store)
    marks.give(store, free, of, {"one": "p."})
    assert unfinished(store, [free.id, untouched.id]) == []
