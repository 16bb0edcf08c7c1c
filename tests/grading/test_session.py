"""A session without a screen: what a decision does, where it leads, what it costs."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import msgspec
import pytest
from making import runnable_models, task

from tui.catalogue.item import items_of
from tui.catalogue.rubric import Criterion
from tui.engines.scripted import ScriptedEngine
from tui.errors import StoreError
from tui.generation.live import LiveResponses
from tui.grading.decisions import Grade, Note, Seen, Skip
from tui.grading.live_session import LiveSession
from tui.grading.overview import Progress
from tui.grading.queue import Target
from tui.store.database import Store
from tui.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CODE = task("code", 2)
FAIL, PARTIAL, PASS = CODE.levels
SEEN = Seen(1, "2026-11-05T10:00:00.000000+00:00", 2.5, 4, True, 3)


class Opened:
    """A session over a database, with the answers of two models to the first item."""

    def __init__(self, folder: Path, store: Store, answers: object = None) -> None:
        self.store = store
        self.engine = ScriptedEngine(answers or (lambda _: ["Hel", "lo"]))  # type: ignore[arg-type]
        self.live = LiveResponses(runnable_models=runnable_models(folder, 2), store=store, engine=self.engine)
        self.session = LiveSession(items_of(CODE), live=self.live, store=store, grader="mei")

    @property
    def slots(self) -> tuple[int, ...]:
        sheet = self.session.current()
        assert sheet is not None
        return tuple(slot.id for slot in sheet.slots)

    def levels(self) -> list[str | None]:
        sheet = self.session.current()
        assert sheet is not None
        return [slot.given.level if slot.given else None for slot in sheet.slots]

    async def answer(self, place: int = 0) -> None:
        self.session.go_to(place)
        self.session.run()
        while self.session.busy:
            await asyncio.sleep(0.01)
        self.session.take_changes()


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    with Store.open(tmp_path / "grades.db") as store:
        made = Opened(tmp_path, store)
        await made.answer()
        yield made
        await made.live.close()


async def test_a_decision_says_what_it_wrote_and_where_to_go(opened: Opened) -> None:
    first, second = opened.slots

    change = opened.session.decide(first, Grade(PASS), SEEN)

    judgement = change.judgement
    assert (judgement.level, change.next) == ("pass", Target(slot=second))
    assert (judgement.place, judgement.shown_at, judgement.active_seconds) == SEEN[:3]
    assert (judgement.in_view, judgement.saw_expected, judgement.rows_unread) == SEEN[3:]
    assert change.judgement in opened.store.judgements.events()
    change = opened.session.decide(second, Skip(), Seen(place=2))
    assert (change.judgement.kind, change.next) == ("skip", Target(1))
    assert opened.levels() == ["pass", None]


async def test_after_the_last_item_it_goes_round_to_the_first_open_one_and_then_nowhere(
    opened: Opened,
) -> None:
    await opened.session.count_all()
    await opened.answer(1)
    first, second = opened.slots
    opened.session.decide(first, Grade(PASS))
    assert opened.session.decide(second, Grade(FAIL)).next == Target(0)
    opened.session.go_to(0)
    for slot in opened.slots:
        change = opened.session.decide(slot, Grade(PASS))
    assert change.next is None
    assert opened.session.next_open(after=slot) is None


async def test_a_skip_of_what_has_a_grade_writes_nothing_and_goes_on(opened: Opened) -> None:
    first, second = opened.slots
    opened.session.decide(first, Grade(PASS))
    change = opened.session.decide(first, Skip())
    assert (change.judgement, change.next) == (None, Target(slot=second))
    assert opened.levels() == ["pass", None]


async def test_a_note_stands_beside_the_grade(opened: Opened) -> None:
    first, _second = opened.slots
    opened.session.decide(first, Grade(PARTIAL))
    opened.session.decide(first, Note("one slip"))
    slot = opened.session.slot(0)
    assert slot is not None and slot.given is not None
    assert (slot.given.level, slot.note) == ("partial", "one slip")


async def test_what_is_not_saved_is_not_on_the_sheet(opened: Opened) -> None:
    first, _ = opened.slots
    opened.store._database.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError):
        opened.session.decide(first, Grade(PASS))
    opened.store._database.execute("PRAGMA query_only = OFF")
    assert opened.levels() == [None, None]
    opened.session.decide(first, Grade(PASS))
    assert opened.levels() == ["pass", None]


async def test_undo_goes_on_through_earlier_sittings_and_says_where(tmp_path: Path, opened: Opened) -> None:
    first, second = opened.slots
    opened.session.decide(first, Grade(PASS))
    opened.session.decide(second, Grade(FAIL))
    again = Opened(tmp_path, opened.store)
    await again.live.identify()
    again.session.go_to(1)

    undone = again.session.undo()
    found = again.session.find(undone.response_id)

    assert (undone.level, found.place) == ("fail", 0)
    again.session.go_to(0)
    assert found.slot == again.slots[1]
    assert again.levels() == ["pass", None]
    again.session.find(again.session.undo().response_id)
    assert again.levels() == [None, None]
    assert again.session.undo() is None
    sessions = {event.session_id for event in opened.store.judgements.events() if event.kind == "undo"}
    assert len(sessions) == 1


async def test_undo_leaves_alone_what_another_grader_gave(tmp_path: Path, opened: Opened) -> None:
    first, _ = opened.slots
    opened.session.decide(first, Grade(PASS))
    ada = LiveSession(items_of(CODE), live=opened.live, store=opened.store, grader="ada")
    assert ada.undo() is None


async def test_undo_of_what_is_in_no_list_takes_it_back_and_says_so(opened: Opened) -> None:
    first, _ = opened.slots
    opened.session.decide(first, Grade(PASS))
    opened.session.set_items(items_of(task("text", 1)))
    undone = opened.session.undo()
    assert (undone.level, opened.session.find(undone.response_id)) == ("pass", None)
    sheet = opened.session.visit(undone.response_id)
    assert (sheet.place, [slot.text for slot in sheet.slots]) == (None, ["Hello"])
    assert opened.session.decide(sheet.slots[0].id, Grade(FAIL)).judgement.level == "fail"


async def test_undo_of_an_answer_after_which_another_window_wrote_one_more_leads_to_it(
    opened: Opened,
) -> None:
    first, _ = opened.slots
    opened.session.decide(first, Grade(PASS))
    opened.session.take_changes()
    slot = opened.session.slot(0)
    assert slot and slot.known and slot.known.response
    with opened.store.transaction():
        other = msgspec.structs.asdict(slot.known.response) | {"id": new_id(), "sample": 2, "text": "other"}
        opened.store.insert("responses", other)

    undone = opened.session.undo()
    found = opened.session.find(undone.response_id)

    assert found == Target(0, first, 1)
    assert first in opened.session.take_changes().slots
    opened.session.go_to(0)
    slot = opened.session.slot(0)
    assert slot is not None and (slot.text, slot.sample, slot.samples) == ("other", 2, 2)
    assert opened.session.step(first, 1)
    slot = opened.session.slot(0)
    assert slot is not None and (slot.text, slot.given, slot.open_samples) == ("Hello", None, (1, 2))


async def test_a_further_sample_is_counted_as_not_judged_yet(opened: Opened) -> None:
    await opened.session.count_all()
    first, _ = opened.slots
    opened.session.decide(first, Grade(PASS))
    opened.session.take_changes()
    assert opened.session.progress() == Progress(1, 4)
    opened.session.run_again(first)
    while opened.session.busy:
        await asyncio.sleep(0.01)
    opened.session.take_changes()
    assert opened.session.progress() == Progress(1, 5)


async def test_progress_counts_what_is_judged_and_follows_each_decision(opened: Opened) -> None:
    assert opened.session.progress() is None
    await opened.session.count_all()
    assert opened.session.progress() == Progress(0, 4)
    first, second = opened.slots
    opened.session.decide(first, Grade(PASS))
    opened.session.decide(second, Skip())
    opened.session.decide(second, Note("x"))
    assert opened.session.progress() == Progress(2, 4)
    for _ in range(2):
        opened.session.find(opened.session.undo().response_id)
    assert opened.session.progress() == Progress(1, 4)


async def test_a_decision_while_all_are_counted_counts_once(tmp_path: Path, opened: Opened) -> None:
    first, _second = opened.slots
    opened.session.decide(first, Grade(PASS))
    again = Opened(tmp_path, opened.store)
    await again.live.identify()
    again.session.go_to(0)
    again.session.decide(again.slots[0], Grade(FAIL))
    again.session.decide(again.slots[1], Grade(FAIL))
    await again.session.count_all()
    assert again.session.progress() == Progress(2, 4)


async def test_what_is_counted_is_what_the_sheets_show(opened: Opened) -> None:
    first, _ = opened.slots
    opened.session.decide(first, Grade(PASS))
    await opened.session.count_all()
    opened.session.run_again(first)
    while opened.session.busy:
        await asyncio.sleep(0.01)
    assert [cell.state for cell in opened.session.cells(0)] == ["open", "open"]
    assert opened.session.progress() == Progress(1, 5)


async def test_a_task_whose_criterion_was_renamed_is_open_in_the_list_as_on_the_sheet(
    tmp_path: Path, opened: Opened
) -> None:
    opened.session.decide(opened.slots[0], Grade(PASS))
    criteria = (Criterion(name="correctness", question="Is it right?", levels=CODE.levels),)
    again = Opened(tmp_path, opened.store)
    await again.live.identify()
    again.session.set_items(items_of(task("code", 2, levels=(), criteria=criteria)))
    again.session.go_to(0)
    assert again.levels() == [None, None]
    await again.session.count_all()
    assert again.session.progress() == Progress(0, 4)
    assert again.session.cells(0)[0].given is None
    again.session.decide(again.slots[0], Grade(FAIL))
    await again.session.count_all()
    assert again.session.progress() == Progress(1, 4)
    cell = again.session.cells(0)[0]
    assert cell.given is not None
    assert cell.given.level == "fail"


async def test_changes_name_the_slots_and_only_the_items_of_which_the_list_says_something_new(
    tmp_path: Path,
) -> None:
    gate = asyncio.Event()
    with Store.open(tmp_path / "grades.db") as store:
        made = Opened(tmp_path, store, lambda _: ["a", gate, "b"])
        made.session.go_to(0)
        made.session.run()
        while [slot.phase for slot in made.session.current().slots] != ["writing"] * 2:
            await asyncio.sleep(0.01)
        assert made.session.take_changes() == (set(made.slots), {0})
        gate.set()
        while made.session.busy:
            await asyncio.sleep(0.01)
        assert made.session.take_changes() == (set(made.slots), {0})
        assert made.session.take_changes() == (set(), set())
        await made.live.close()


@contextlib.contextmanager
def statements(store: Store):
    found: list[str] = []
    store._database.conn.set_trace_callback(found.append)
    yield found
    store._database.conn.set_trace_callback(None)


async def test_a_decision_costs_one_write_and_at_most_three_point_reads(opened: Opened) -> None:
    first, second = opened.slots
    opened.session.decide(first, Grade(FAIL))
    for decision in (Grade(PASS), Note("x"), Skip()):
        for slot in (first, second):
            with statements(opened.store) as asked:
                opened.session.decide(slot, decision)
                opened.session.take_changes()
                opened.session.current()
                opened.session.progress()
            assert asked.count("COMMIT") <= 1
            reads = [each for each in asked if each.lstrip().startswith("SELECT")]
            assert len(reads) <= 3
            # SQLite names a statement again for each of its triggers.
            assert len({each for each in asked if each.startswith("INSERT")}) <= 1
            for read in reads:
                plan = [row["detail"] for row in opened.store.query(f"EXPLAIN QUERY PLAN {read}")]
                assert not [line for line in plan if line.startswith("SCAN") and "CONSTANT" not in line]
