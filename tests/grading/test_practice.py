"""Practice before a session: what it asks, tells and stores, and what it counts for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import LEVELS, task

from tui import paths
from tui.catalogue.known_answer import PracticeAnswer
from tui.catalogue.loading import load_tasks
from tui.catalogue.rubric import Criterion
from tui.catalogue.task import Prompt
from tui.grading.decisions import Grade, Note, Skip
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.practice import Practice
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

from .test_stored_session import answer, follow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.grading.decisions import Change, Decision
    from tui.grading.practice import PracticeSession
    from tui.grading.session import Session

TASKS = tuple(load_tasks(paths.bundled("prompts")))
FAIL, PARTIAL, PASS = LEVELS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        import_built_in(opened, REPORT, app_version="0")
        yield opened


def session_of(store: Store, *names: str, tasks=TASKS, grader: str = "mei") -> Session:
    session = Shelf(store, tasks, grader, blind=True).open(ToJudge(tasks=names)).session
    assert session is not None
    session.go_to(session.start())
    return session


def practice_of(store: Store, *names: str, wanted: bool = False, **others) -> Practice:
    return Practice(store, others.get("grader", "mei"), session_of(store, *names, **others), wanted=wanted)


def begun(practice: Practice) -> PracticeSession:
    session = practice.begin()
    session.go_to(session.start())
    return session


def decide(session: Session, decision: Decision | None = None, level: int = 0) -> Change:
    """About the answer that comes next, by its own task's levels."""
    target = session.next()
    assert target is not None
    follow(session, target)
    sheet = session.current()
    slot = next(slot for slot in sheet.slots if slot.open)
    criterion = sheet.item.rubric.criteria[slot.open_criterion]
    return session.decide(slot.id, decision or Grade(criterion.levels[level], criterion.name))


def own_task(*texts: str, **changes) -> Task:
    practice = tuple(PracticeAnswer(text=text, level="pass", reason=f"{text} is right.") for text in texts)
    return task(prompts=(Prompt(number=1, title="Sum", text="1 + 1?", practice=practice),), **changes)


def test_the_five_that_ship_are_asked_one_by_one_and_tell_what_they_are_given_and_why(store: Store) -> None:
    session = begun(practice_of(store))

    lessons = []
    while session.next() is not None:
        change = decide(session)
        assert len(session.current().slots) == 1
        lessons.append(change.lesson)

    assert len(lessons) == 5
    assert all(lesson.reason for lesson in lessons)
    said = {lesson.compared[0].given: lesson.lines for lesson in lessons}
    assert said["fail"] == ("As given: fail.",)
    assert said["partial"] == ("Not as given: you gave fail, it is given partial.",)
    assert session.result.total == 5
    assert session.result.same == sum(lesson.compared[0].given == "fail" for lesson in lessons)


def test_what_is_judged_in_practice_is_marked_and_stands_in_a_session_of_its_own(store: Store) -> None:
    grading = session_of(store)
    session = begun(Practice(store, "mei", grading))
    decide(session)
    session.decide(session.current().slots[0].id, Note("hm"))
    session.undo()

    mei = store.graders.find("mei")
    events = store.judgements.events(grader_id=mei.id)
    assert [(each.kind, each.practice, each.occasion) for each in events] == [
        ("grade", True, "first"),
        ("note", True, "first"),
        ("undo", True, "first"),
    ]
    modes = {row["id"]: row["mode"] for row in store.query("SELECT id, mode FROM sessions")}
    assert {modes[each.session_id] for each in events} == {"practice"}
    assert [record.mode for record in store.sessions.blind(mei.id)] == ["grade"]


def test_practice_counts_in_no_figure_of_the_session(store: Store) -> None:
    session = begun(practice_of(store, "text-classification"))
    (first, *_) = [decide(session).judgement for _ in session.items]
    grading = session_of(store, "text-classification")

    assert grading.progress() == Progress(0, 7)
    assert grading.history().entries == ()
    assert grading.undo() is None
    assert grading.last_judged() is None
    assert grading.times.median is None
    ending = grading.ending()
    assert (ending.total, ending.graded, ending.noted, ending.median_seconds) == (7, 0, 0, None)
    assert ending.known.practice == session.result
    assert list(store.query("SELECT 1 FROM tidy_judgements WHERE session_id = ?", [first.session_id])) == []
    assert session.history().entries[0].response_id == first.response_id


def test_a_text_that_was_practised_on_is_judged_all_the_same_as_one_of_which_one_knows(store: Store) -> None:
    session = begun(practice_of(store))
    while session.next() is not None:
        decide(session)
    grading = session_of(store)
    occasions = [decide(grading).judgement.occasion for _ in range(30)]

    assert grading.next() is None
    assert grading.progress() == Progress(30, 30)
    assert sorted(set(occasions)) == ["after_others", "first"]
    assert occasions.count("after_others") == 5
    other = session_of(store, grader="ada")
    assert {decide(other).judgement.occasion for _ in range(30)} == {"first"}


def test_who_practised_elsewhere_is_known_here_under_another_id(store: Store) -> None:
    session = begun(practice_of(store))
    while session.next() is not None:
        decide(session)
    decide(session_of(store, grader="mei at home"))
    graders = [store.graders.find(name).id for name in ("mei", "mei at home")]
    with store.transaction():
        store.graders.make_same(*graders)
    assert practice_of(store, grader="mei at home").when == "never"
    grading = session_of(store, grader="mei at home")
    occasions = [decide(grading).judgement.occasion for _ in range(29)]
    assert occasions.count("after_others") in (4, 5)


def test_it_is_offered_once_and_comes_first_where_the_grader_asks_for_it(store: Store) -> None:
    practice = practice_of(store, "text-classification")
    assert (practice.when, practice.count) == ("offered", 1)
    practice.note_offer()

    assert practice_of(store).when == "never"
    assert practice_of(store, grader="ada").when == "offered"
    asked_for = practice_of(store, wanted=True)
    assert (asked_for.when, asked_for.count) == ("first", 5)


def test_who_has_begun_to_judge_is_offered_nothing(store: Store) -> None:
    decide(session_of(store))
    assert practice_of(store).when == "never"


def test_a_task_may_ask_for_it_of_everybody_who_has_not_done_it(store: Store) -> None:
    asking = own_task("2", practice_first=True)
    answer(store, (asking,), ("first",))

    practice = practice_of(store, "code", tasks=(asking,))
    practice.note_offer()
    assert practice.when == "first"
    decide(begun(practice))
    assert practice_of(store, "code", tasks=(asking,), wanted=True).when == "never"


def test_practice_that_was_left_goes_on_with_what_is_not_judged(store: Store) -> None:
    session = begun(practice := practice_of(store, wanted=True))
    judged = [decide(session).judgement.response_id for _ in range(2)]
    assert practice.is_unfinished

    again = practice_of(store, wanted=True)
    assert again.count == 3
    session = begun(again)
    assert session.progress() == Progress(2, 5)
    assert session.undo().response_id == judged[-1]
    session.find(judged[-1])
    while session.next() is not None:
        decide(session)
    assert not again.is_unfinished
    assert practice_of(store, wanted=True).when == "never"


def test_of_several_criteria_the_lesson_comes_after_the_last(store: Store) -> None:
    criteria = tuple(Criterion(name=name, question="?", levels=LEVELS) for name in ("right", "clear"))
    given = PracticeAnswer(text="2", level={"right": "pass", "clear": "fail"}, reason="It is bare.")
    prompt = Prompt(number=1, title="Sum", text="1 + 1?", practice=(given,))
    two = task(levels=(), criteria=criteria, prompts=(prompt,))
    answer(store, (two,), ("first",))
    session = begun(practice_of(store, "code", tasks=(two,)))

    assert decide(session, Grade(PASS, "right")).lesson is None
    lesson = decide(session, Skip("clear")).lesson
    assert sorted(lesson.lines) == [
        "clear: not as given: you skipped it, it is given fail.",
        "right: as given: pass.",
    ]
    assert session.result.words == "1 of 1 as given"


def test_a_task_without_practice_answers_has_nothing_to_offer(store: Store) -> None:
    bare = task()
    answer(store, (bare,), ("first",))
    practice = practice_of(store, "code", tasks=(bare,), wanted=True)
    assert (practice.when, practice.are_there) == ("never", False)


def test_nothing_of_practice_tells_of_a_model(store: Store) -> None:
    session = begun(practice_of(store, wanted=True))
    while session.next() is not None:
        decide(session)
    sheets = [session.go_to(place) for place in range(len(session.items))]
    told = repr((sheets, session.history(), session.last_judged(), session.result, session.guessable()))
    names = {row[name] for row in store.query("SELECT name, title FROM models") for name in ("name", "title")}
    assert [name for name in names - {"practice", "Practice"} if name.casefold() in told.casefold()] == []
    assert session.agreement() == []
