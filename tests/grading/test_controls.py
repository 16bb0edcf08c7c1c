"""Controls among the answers of a blind session: where they stand, and what they count for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from making import LEVELS, task

from tui.catalogue.known_answer import KnownAnswer
from tui.catalogue.task import Prompt
from tui.grading.decisions import Grade, Note
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.repeats import RATE
from tui.grading.selection import ToJudge
from tui.store.database import Store

from .test_stored_session import answer, judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.grading.session import Session

FAIL, PARTIAL, PASS = LEVELS
MODELS = ("zebu", "quokka", "vicunja")
RIGHT, WRONG = (
    KnownAnswer(text="control: two", level="pass"),
    KnownAnswer(text="control: three", level="fail"),
)


def sums(count: int, *controls: KnownAnswer):
    prompts = (Prompt(number=n, title=f"Sum {n}", text=f"1 + {n}?") for n in range(2, count + 1))
    first = Prompt(number=1, title="Sum 1", text="1 + 1?", controls=controls)
    return task("sums", prompts=(first, *prompts))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


def session_of(store: Store, of, *, blind: bool = True, grader: str = "mei", **options) -> Session:
    session = Shelf(store, (of,), grader, blind=blind, **options).open(ToJudge()).session
    assert session is not None
    session.go_to(session.start())
    return session


def texts(session: Session) -> list[list[str]]:
    return [[slot.text for slot in session.go_to(place).slots] for place in range(len(session.items))]


def controls_of(session: Session) -> list[str]:
    return [text for sheet in texts(session) for text in sheet if text.startswith("control")]


def test_a_control_stands_among_the_answers_to_its_item_like_one_of_them(store: Store) -> None:
    answer(store, (of := sums(2, RIGHT),), MODELS)
    session = session_of(store, of)

    by_item = {session.items[place].name: sheet for place, sheet in enumerate(texts(session))}
    assert by_item["sums/1"].count(RIGHT.text) == 1
    assert {name: len(sheet) for name, sheet in by_item.items()} == {"sums/1": 4, "sums/2": 3}
    sheet = session.go_to([item.name for item in session.items].index("sums/1"))
    assert [slot.label for slot in sheet.slots] == [f"Answer {letter}" for letter in "ABCD"]
    assert all(slot.known is None and slot.samples == 1 for slot in sheet.slots)
    assert "control" not in repr(sheet.slots).replace(RIGHT.text, "").casefold()
    assert session.progress() == Progress(0, 7)


def test_its_place_is_drawn(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT),), MODELS)
    places = Counter(
        texts(session_of(store, of, grader=f"grader {number}"))[0].index(RIGHT.text) for number in range(80)
    )
    assert sorted(places) == [0, 1, 2, 3]
    assert max(places.values()) < 40


def test_where_names_are_shown_there_are_none(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT),), MODELS)
    assert controls_of(session_of(store, of, blind=False)) == []


def test_one_is_on_a_sheet_and_the_rest_come_with_further_answers(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT, WRONG),), MODELS)
    session = session_of(store, of)
    assert controls_of(session) == [RIGHT.text]
    judge(session, 4)
    assert session.next() is None

    answer(store, (of,), ("quokka",), sample=2)
    assert controls_of(session_of(store, of)) == [WRONG.text]
    answer(store, (of,), MODELS, sample=3)
    assert controls_of(session_of(store, of, grader="ada")) == [RIGHT.text, WRONG.text]


def test_a_control_is_asked_once_and_stays_where_it_is_when_a_session_goes_on(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT),), MODELS)
    session = session_of(store, of)
    before = texts(session)
    judge(session, 3)
    assert texts(session_of(store, of)) == before
    judge(session_of(store, of), 1)

    answer(store, (of,), MODELS, sample=2)
    assert controls_of(session_of(store, of)) == []


def test_a_sheet_that_comes_again_has_none(store: Store) -> None:
    answer(store, (of := sums(30, RIGHT),), MODELS)
    session = session_of(store, of, repeat_rate=RATE)
    assert len(session.items) > 30
    assert controls_of(session) == [RIGHT.text]
    judge(session, session.progress().total - 1)
    assert not session.ending().is_whole
    judge(session, 1)
    ending = session.ending()
    assert (ending.total, ending.graded, ending.is_whole) == (90, 90, True)


def test_they_have_a_figure_of_their_own_after_the_last_judgement(store: Store) -> None:
    answer(store, (of := sums(2, RIGHT, WRONG),), MODELS)
    answer(store, (of,), MODELS, sample=2)
    session = session_of(store, of)
    judge(session, 13, Grade(PASS))
    assert session.ending().known.words == ""
    assert session.ending().total == 12
    judge(session, 1, Grade(PASS))

    ending = session.ending()
    assert session.progress() == Progress(14, 14)
    assert (ending.total, ending.graded, ending.skipped, ending.is_whole) == (12, 12, 0, True)
    assert ending.known.words == "Controls: 1 of 2 as given."
    rows = list(store.query("SELECT control FROM tidy_judgements"))
    assert sum(row["control"] for row in rows) == 2


def test_another_session_tells_nothing_of_them(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT),), MODELS)
    judge(session_of(store, of), 4)
    answer(store, (other := task("text", 1),), MODELS)
    session = session_of(store, other)
    judge(session, 3)
    assert session.ending().known.words == ""


def test_nobody_is_asked_which_model_wrote_one(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT),), MODELS)
    session = session_of(store, of)
    judge(session, 4)
    assert len(session.to_guess()) == 3
    assert RIGHT.text not in [each.text for each in session.to_guess()]
    assert session.guessable() == {name: name.capitalize() for name in sorted(MODELS)}


def test_the_history_has_it_as_an_answer_like_others(store: Store) -> None:
    answer(store, (of := sums(1, RIGHT),), MODELS)
    session = session_of(store, of)
    judge(session, 4)
    session.decide(session.current().slots[0].id, Note("look"))
    entries = session.history().entries
    assert len(entries) == 4
    assert {entry.model for entry in entries} == {""}
    told = repr((entries, session.last_judged().slot)).casefold()
    assert "control" not in told.replace(RIGHT.text, "")
    assert not any(name in told for name in MODELS)
