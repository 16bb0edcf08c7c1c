"""A session over stored answers: which they are, in what order, and how it goes on after it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from making import task
from msgspec.structs import replace
from store import make

from tui.catalogue.item import items_of
from tui.catalogue.rubric import Criterion
from tui.errors import UsageError
from tui.grading.decisions import Flag, Grade, Note, Seen, Skip
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.items import item_record, rubric_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.grading.session import Session

TASKS = (task("code", 3), task("text", 2), task("names", 2))
MODELS = ("first", "second", "third")
FAIL, PARTIAL, PASS = TASKS[0].levels


def answer(store: Store, tasks=TASKS, models=MODELS, **changes) -> None:
    for each in tasks:
        for item in items_of(each):
            rubric = rubric_record(item)
            asked = item_record(item, rubric)
            for name in models:
                made = make.response(make.new_id(), of=make.model(name), to=asked, **changes)
                recorded = make.recorded(made, of=make.model(name), to=asked)
                store.responses.add(replace(recorded, rubric=rubric))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        answer(opened)
        yield opened


def opened(store: Store, wanted=ToJudge(), *, tasks=TASKS, grader: str = "mei") -> Session:  # noqa: B008 - frozen
    session = Shelf(store, tasks, grader).open(wanted).session
    assert session is not None
    session.go_to(session.start())
    return session


def judge(session: Session, count: int, decision=None) -> list[str]:
    """The ids of the responses judged, one after another as the session leads."""
    judged = []
    for _ in range(count):
        target = session.next()
        assert target is not None
        follow(session, target)
        sheet = session.current()
        slot = sheet.slots[0] if target.slot is None else sheet.slots[sheet.position(target.slot)]
        change = session.decide(slot.id, decision or Grade(PASS), Seen(seconds=2.0))
        judged.append(change.judgement.response_id)
    return judged


def follow(session: Session, target) -> None:
    if target.place is not None:
        session.go_to(target.place)
    if target.sample is not None:
        session.step(target.slot, target.sample)


def order(session: Session) -> list[tuple[str, list[str]]]:
    found = []
    for place in range(len(session.items)):
        sheet = session.go_to(place)
        found.append((sheet.item.name, [slot.label for slot in sheet.slots]))
    return found


def test_it_shows_every_answer_once_in_blocks_by_task_and_ends(store: Store) -> None:
    session = opened(store)
    assert session.progress() == Progress(0, 21)
    names = [item.task.name for item in session.items]
    assert sorted(map(names.index, set(names))) == [
        place for place, name in enumerate(names) if name not in names[:place]
    ]
    blocks = [name for place, name in enumerate(names) if place == 0 or names[place - 1] != name]
    assert sorted(blocks) == ["code", "names", "text"]

    judged = judge(session, 21)

    assert len(set(judged)) == 21
    assert session.next() is None
    assert session.progress() == Progress(21, 21)
    assert session.times.median == 2.0
    opening = Shelf(store, TASKS, "mei").open(ToJudge())
    assert (opening.session, opening.stored) == (None, 21)


def test_the_order_is_the_graders_own_and_stays(store: Store) -> None:
    first = opened(store)
    shuffled = order(first)
    assert order(opened(store)) == shuffled
    others = [order(opened(store, grader=f"grader {number}")) for number in range(4)]
    assert any([name for name, _ in each] != [name for name, _ in shuffled] for each in others)
    assert any(dict(each) != dict(shuffled) for each in others)


def test_it_goes_on_at_the_item_where_it_was_left_whatever_was_answered_meanwhile(store: Store) -> None:
    session = opened(store)
    done = judge(session, 5)
    place, before = session.place, order(session)
    answer(store, models=("fourth",))

    again = opened(store)

    assert order(again) == before
    again.go_to(again.start())
    assert again.place == place
    assert again.progress() == Progress(5, 21)
    rest = judge(again, 16)
    assert not {*done} & {*rest}
    later = opened(store)
    assert later.progress() == Progress(0, 7)


def test_new_leaves_out_what_was_judged_and_an_id_leads_back(store: Store) -> None:
    session = opened(store)
    judge(session, 5)
    shelf = Shelf(store, TASKS, "mei")
    fresh = shelf.begin(ToJudge()).session
    assert fresh.progress() == Progress(0, 16)
    first = next(
        row["id"] for row in store.query("SELECT id FROM sessions WHERE mode = 'grade' ORDER BY seq")
    )
    assert shelf.resume(first).session.progress() == Progress(5, 21)
    with pytest.raises(UsageError):
        shelf.resume("nobody's")
    with pytest.raises(UsageError):
        Shelf(store, TASKS, "ada").resume(first)


def test_what_another_grader_judged_is_still_to_be_judged(store: Store) -> None:
    judge(opened(store, grader="ada"), 21)
    assert opened(store).progress() == Progress(0, 21)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (ToJudge(tasks=("code",)), 9),
        (ToJudge(tasks=("code",), prompts=("text/2",)), 12),
        (ToJudge(models=("first", "third")), 14),
        (ToJudge(samples=1), 21),
        (ToJudge(limit=4), 4),
        (ToJudge(models=("first",), limit=100), 7),
    ],
)
def test_a_selection_chooses_among_the_answers(store: Store, wanted: ToJudge, count: int) -> None:
    session = opened(store, wanted)
    assert session.progress() == Progress(0, count)
    judge(session, count)
    assert session.next() is None


def test_a_limit_takes_the_first_in_the_order_and_stays_when_it_goes_on(store: Store) -> None:
    wanted = ToJudge(limit=5)
    session = opened(store, wanted)
    before = order(session)
    judge(session, 2)
    again = opened(store, wanted)
    assert order(again) == before
    assert again.progress() == Progress(2, 5)


def test_a_name_that_nothing_has_is_an_error(store: Store) -> None:
    for wanted in (ToJudge(tasks=("cod",)), ToJudge(prompts=("code/9",)), ToJudge(models=("frist",))):
        with pytest.raises(UsageError):
            Shelf(store, TASKS, "mei").open(wanted)


def test_samples_are_judged_one_after_another_and_all_count(store: Store) -> None:
    answer(store, (TASKS[0],), ("first",), sample=2, seed=1, text="two")
    session = opened(store, ToJudge(tasks=("code",), models=("first",)))
    assert session.progress() == Progress(0, 6)
    sheet = session.current()
    (slot,) = sheet.slots
    assert (slot.sample, slot.samples, slot.open_samples) == (1, 2, (1, 2))
    change = session.decide(slot.id, Grade(PASS))
    assert (change.next.slot, change.next.sample) == (slot.id, 2)
    follow(session, change.next)
    assert session.slot(0).text == "two"
    judge(session, 5)
    assert session.progress() == Progress(6, 6)
    assert opened(store, ToJudge(tasks=("text",))).progress() == Progress(0, 6)
    one = Shelf(store, TASKS, "ada").open(ToJudge(tasks=("code",), models=("first",), samples=1)).session
    assert one.progress() == Progress(0, 3)


def test_undo_and_redo_go_back_and_forth_over_a_restart(store: Store) -> None:
    session = opened(store)
    first, second = judge(session, 2)
    session.undo()
    again = opened(store)
    assert again.progress() == Progress(1, 21)
    assert again.undo().response_id == first
    assert again.undo() is None
    once_more = opened(store)
    assert once_more.progress() == Progress(0, 21)
    assert [once_more.redo().response_id for _ in range(2)] == [first, second]
    assert once_more.redo() is None
    for response in (first, second):
        once_more.find(response)
    assert once_more.progress() == Progress(2, 21)
    once_more.undo()
    judge(once_more, 1)
    assert once_more.redo() is None


def test_undo_keeps_to_the_session(store: Store) -> None:
    judge(opened(store), 3)
    fresh = Shelf(store, TASKS, "mei").begin(ToJudge()).session
    assert fresh.undo() is None


def test_skips_flags_and_notes_stand_over_a_restart_and_a_flag_decides_nothing(store: Store) -> None:
    session = opened(store)
    (skipped,) = judge(session, 1, Skip())
    slot = session.slot(0) if session.slot(0).open else session.slot(1)
    change = session.decide(slot.id, Flag("copied from the prompt"))
    session.decide(slot.id, Note("see above"))
    flagged = change.judgement.response_id
    assert (change.next, session.progress()) == (None, Progress(1, 21))
    again = opened(store)
    for response, expected in ((skipped, ("", "")), (flagged, ("copied from the prompt", "see above"))):
        target = again.find(response)
        sheet = again.go_to(target.place)
        slot = sheet.slots[sheet.position(target.slot)]
        assert (slot.flag, slot.note) == expected
        assert (slot.given is not None) is (response == skipped)
    again.decide(slot.id, Flag(""))
    assert again.current().slots[sheet.position(target.slot)].flag == ""


def three_criteria() -> Task:
    levels = tuple(type(PASS)(label=f"level-{n}", value=n / 4, anchor=f"what earns {n}") for n in range(5))
    names = ("fluent", "faithful", "complete")
    criteria = tuple(Criterion(name=name, question=f"Is it {name}?", levels=levels) for name in names)
    return task("summary", 2, levels=(), criteria=criteria)


def test_the_sheet_goes_on_when_every_criterion_is_given(store: Store) -> None:
    summary = three_criteria()
    answer(store, (summary,), ("first", "second"))
    wanted, tasks = ToJudge(tasks=("summary",)), (*TASKS, summary)
    session = opened(store, wanted, tasks=tasks)
    sheet = session.current()
    first, second = sheet.slots
    level = summary.criteria[0].levels[3]
    steps = [session.decide(first.id, Grade(level, name)).next for name in ("faithful", "fluent", "complete")]
    assert [(step.slot, step.criterion) for step in steps] == [(first.id, 0), (first.id, 2), (second.id, 0)]
    assert session.slot(0).given == ("level-3 · level-3 · level-3", 0.75)
    assert session.progress() == Progress(1, 4)

    again = opened(store, wanted, tasks=tasks)

    assert again.progress() == Progress(1, 4)
    assert again.current().slots[0].givens == session.slot(0).givens
    assert again.undo().criterion == "complete"
    assert opened(store, wanted, tasks=tasks).progress() == Progress(0, 4)


def test_an_answer_judged_by_some_criteria_elsewhere_is_still_to_be_judged(store: Store) -> None:
    summary = three_criteria()
    answer(store, (summary,), ("first",))
    wanted, tasks = ToJudge(tasks=("summary",)), (*TASKS, summary)
    session = opened(store, wanted, tasks=tasks)
    session.decide(session.slot(0).id, Grade(summary.criteria[0].levels[0], "fluent"))
    fresh = Shelf(store, tasks, "mei").begin(wanted).session
    assert fresh.progress() == Progress(0, 2)


def test_answers_are_graded_without_their_tasks_file(store: Store) -> None:
    session = opened(store, ToJudge(tasks=("code",)), tasks=())
    item = session.current().item
    assert (item.task.title, item.prompt.title) == (
        TASKS[0].title,
        TASKS[0].prompts[item.prompt.number - 1].title,
    )
    assert [level.label for level in item.rubric.levels] == ["fail", "partial", "pass"]
    judge(session, 9)
    assert opened(store).progress() == Progress(0, 12)


def test_the_first_sheet_of_each_task_introduces_it_once_for_as_long_as_it_is_shown(store: Store) -> None:
    session = opened(store)
    first = session.current()
    assert first.introduces
    session.decide(session.slot(0).id, Grade(PASS))
    assert session.current().introduces
    shown = [session.go_to(place) for place in range(len(session.items))]
    tasks = [sheet.item.task.name for sheet in shown if sheet.introduces]
    assert sorted([first.item.task.name, *tasks]) == sorted(task.name for task in TASKS)


def test_broken_answers_are_left_to_whoever_runs_them(store: Store) -> None:
    answer(store, (TASKS[0],), ("fourth",), finish_reason="failed")
    answer(store, (TASKS[0],), ("fifth",), finish_reason="cancelled")
    assert opened(store, ToJudge(tasks=("code",))).progress() == Progress(0, 9)


def test_what_another_window_took_back_is_found_again_at_the_end(store: Store) -> None:
    wanted = ToJudge(limit=3)
    here = opened(store, wanted)
    there = opened(store, wanted)
    judge(here, 3)
    assert here.next() is None
    undone = there.undo()
    target = here.look_again()
    assert here.items[target.place].asked[0] == store.responses.get(undone.response_id).task
    here.go_to(target.place)
    assert here.progress() == Progress(2, 3)
    judge(here, 1)
    assert here.look_again() is None


def test_a_note_or_flag_that_changes_nothing_is_no_event(store: Store) -> None:
    session = opened(store)
    slot = session.slot(0)
    for decision in (Flag(""), Note("")):
        assert session.decide(slot.id, decision).judgement is None
    session.decide(slot.id, Note("why"))
    assert session.decide(slot.id, Note("why")).judgement is None
    assert [each.kind for each in store.judgements.events()] == ["note"]


def test_what_was_judged_last_is_the_newest_that_stands(store: Store) -> None:
    session = opened(store)
    assert session.last_judged() is None
    first, second = judge(session, 2)
    assert session.last_judged().slot.known.response.id == second
    session.undo()
    last = session.last_judged()
    assert last.slot.known.response.id == first
    session.decide(last.slot.id, Note("on the first"))
    assert opened(store).last_judged().slot.note == "on the first"
