"""A grading session: one grader's way through the items, and the only thing that its screens know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.errors import StoreError
from tui.grading.decisions import Change, Found, Note, Skip
from tui.grading.judge import Judge, Judged
from tui.grading.overview import Overview
from tui.grading.queue import Next, next_after
from tui.grading.sheet import Given, Known, Sheet, Slot
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.catalogue.item import Item
    from tui.generation.live import LiveResponses
    from tui.generation.live_response import LiveResponse
    from tui.generation.plan import RunnableModel
    from tui.grading.decisions import Decision, Seen
    from tui.grading.overview import Cell, Progress
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementRecord


class Changes(NamedTuple):
    slots: set[int]
    """The slots to draw anew, by their ids."""
    places: set[int]
    """The places of items whose row of the list has changed."""


class LastJudged(NamedTuple):
    item: Item
    slot: Slot


class Session:
    """Grading as one likes: any item, each model's latest response to it, live or stored.

    Slots are named by their ids. What reads the database raises StoreError, and then nothing has changed.
    """

    def __init__(self, items: Iterable[Item], *, live: LiveResponses, store: Store, grader: str) -> None:
        self.items = tuple(items)
        self.place = 0
        self._live = live
        self._store = store
        self._judge = Judge(store, grader)
        self._overview = Overview(store, live, self._judge)
        self._shown: tuple[LiveResponse, ...] = ()
        self._ids: dict[tuple[str, str, str], int] = {}
        self._readings: dict[str, int] = {}
        self._judged: dict[str, Judged] = {}
        """Judgements by response, as far as they were shown."""
        self._changed: dict[int, LiveResponse] = {}
        self._states: dict[int, tuple[object, ...]] = {}
        self._last: tuple[LiveResponse, str] | None = None
        """What was judged last, and the id of its response."""
        self._lines: list[str] = []
        live.changed = self._note_change
        live.said = self._lines.append

    def current(self) -> Sheet | None:
        """The sheet; None before the first `go_to`, or where there is no model."""
        if not self._shown:
            return None
        return Sheet(self.items[self.place], self.place, tuple(self._slot(each) for each in self._shown))

    def go_to(self, place: int) -> Sheet | None:
        """The sheet of the item at this place, as the database has it now; None where there is no model."""
        item = self.items[place]
        shown = self._live.answers(item)
        judged = {
            each.response.id: self._judge.judged(each.response.id, item) for each in shown if each.response
        }
        self.place, self._shown = place, shown
        self._judged |= judged
        return self.current()

    def decide(self, slot: int, decision: Decision, seen: Seen | None = None) -> Change:
        """Write a judgement, on disk on return."""
        live = self._of(slot)
        assert live.response is not None
        before = self._judged_of(live)
        if not isinstance(decision, Note):
            self._last = live, live.response.id
        judgement = None
        if not (isinstance(decision, Skip) and before.given):
            judgement = self._judge.decide(live.response, live.item, decision, seen)
            self._take(live, judgement, before)
        return self._after(slot, judgement)

    def undo(self) -> JudgementRecord | None:
        """Take back the newest judgement that stands, of this sitting or an earlier one, and return it."""
        judgement = self._judge.undo()
        if judgement is not None:
            self._last = None
            self._judged.pop(judgement.response_id, None)
        return judgement

    def find(self, judgement: JudgementRecord) -> Found:
        """The place of what was judged, as far as it is among what is shown."""
        response = self._store.responses.get(judgement.response_id)
        if response is None:
            return Found(None, None)
        asked = response.task, response.prompt_hash
        place = next((place for place, item in enumerate(self.items) if item.asked == asked), None)
        key = ModelKey(response.model, response.model_config_hash, response.origin)
        model = next((each for each in self._live.runnable_models if self._live.key(each) == key), None)
        if place is None or model is None:
            return Found(place, None)
        live = self._live.answer_of(self.items[place], model)
        self._note_change(live)  # it may be another's, written since it was drawn
        if live.response is None or live.response.id != response.id:  # a further sample took its place
            return Found(place, None)
        self._note_judged(live, self._judged_of(live).given)
        return Found(place, self._id(live))

    @property
    def last_judged(self) -> LastJudged | None:
        """What was judged last, on any sheet; None where a further sample took its place, or after an undo.
        It can be decided on by its slot's id."""
        if self._last is None:
            return None
        live, response = self._last
        is_same = live.response is not None and live.response.id == response
        return LastJudged(live.item, self._slot(live)) if is_same else None

    def cells(self, place: int) -> tuple[Cell, ...]:
        """The state of the item at this place, for each model in the order of its slots."""
        return self._overview.cells(self.items[place])

    async def count_all(self) -> None:
        """Find out how many responses are judged, after which `progress` says so."""
        await self._overview.count_all(self.items)

    def progress(self) -> Progress | None:
        return self._overview.progress(self.items)

    def slot(self, position: int) -> Slot | None:
        """The one at this position of the sheet, 0 for the first."""
        return self._slot(self._shown[position]) if position < len(self._shown) else None

    def take_changes(self) -> Changes:
        """The slots and places that changed since this was last asked."""
        for live in self._changed.values():
            self._judged_of(live)
        changed, self._changed = self._changed, {}
        moved = {live.item.asked for slot, live in changed.items() if self._has_moved(slot, live)}
        places = {place for place, item in enumerate(self.items) if item.asked in moved} if moved else set()
        return Changes(set(changed), places)

    def take_lines(self) -> list[str]:
        """Lines about more than one response, such as a crash of the engine, since last asked."""
        lines = self._lines[:]
        self._lines.clear()
        return lines

    # What is written: of a session that generates, too.

    def run(self) -> int:
        """Have every model answer that has not; how many began."""
        return self._live.run(self._shown)

    def run_again(self, slot: int) -> bool:
        """Have one more sample written, unless one is under way."""
        return self._live.run_again(self._of(slot))

    def stop(self, slot: int) -> None:
        self._live.cancel(self._of(slot))

    def stop_all(self) -> None:
        self._live.cancel_all()

    @property
    def busy(self) -> bool:
        return self._live.busy

    async def identify(self) -> None:
        """Find out which weights the models' files hold: until then their stored responses are not known."""
        await self._live.identify()

    @property
    def models(self) -> tuple[RunnableModel, ...]:
        return self._live.runnable_models

    def add_models(self, models: Iterable[RunnableModel]) -> None:
        """Add models after those that are there, of which nothing changes. A slot of each joins the sheet."""
        before = self._live.runnable_models
        for model in models:
            self._live.add(model)
        if not self._shown:
            return
        try:
            item = self.items[self.place]
            fresh = self._live.runnable_models[len(self._shown) :]
            self._shown += tuple(self._live.answer_of(item, model) for model in fresh)
        except StoreError:
            self._live.runnable_models = before
            raise

    def set_items(self, items: Iterable[Item]) -> None:
        """Replace the items; the current one keeps its place."""
        self.items = tuple(items)

    def _after(self, slot: int, judgement: JudgementRecord | None) -> Change:
        sheet = self.current()
        return Change(judgement, *(next_after(sheet, slot, len(self.items)) if sheet else Next()))

    def _take(self, live: LiveResponse, judgement: JudgementRecord, before: Judged) -> None:
        assert live.response is not None
        if judgement.kind == "note":
            after = before._replace(note=judgement.text or "")
        else:
            after = before._replace(given=Given.by(judgement))
        self._judged[live.response.id] = after
        self._note_judged(live, after.given)

    def _note_judged(self, live: LiveResponse, given: Given | None) -> None:
        self._overview.note(live.item, live.runnable, is_judged=given is not None)
        self._note_change(live)

    def _slot(self, live: LiveResponse) -> Slot:
        response = live.response
        try:
            judged = self._judged_of(live)
        except StoreError:  # nobody can judge it before what was judged can be read; `take_changes` says so
            judged, response = Judged(), None
        return Slot(
            id=self._id(live),
            label=live.runnable.model.title,
            phase=live.phase,
            text=live.text,
            error=live.error,
            notice=live.notice,
            reading=self._readings.setdefault(response.id, len(self._readings) + 1) if response else 0,
            given=judged.given,
            note=judged.note,
            known=Known(
                model=live.runnable.model,
                file=live.runnable.weights.path.name,
                response=live.response,
                fraction=live.fraction,
                tokens=live.tokens,
                started_at=live.started_at,
                warnings=live.warnings,
            ),
        )

    def _judged_of(self, live: LiveResponse) -> Judged:
        if live.response is None:
            return Judged()
        if live.response.id not in self._judged:
            self._judged[live.response.id] = self._judge.judged(live.response.id, live.item)
        return self._judged[live.response.id]

    def _id(self, live: LiveResponse) -> int:
        key = (*live.item.asked, live.runnable.model.name)
        return self._ids.setdefault(key, len(self._ids) + 1)

    def _of(self, slot: int) -> LiveResponse:
        last: tuple[LiveResponse, ...] = (self._last[0],) if self._last else ()
        return next(live for live in (*self._shown, *last) if self._id(live) == slot)

    def _has_moved(self, slot: int, live: LiveResponse) -> bool:
        given = self._judged_of(live).given
        state = live.busy, live.phase, live.response and live.response.id, given
        before, self._states[slot] = self._states.get(slot), state
        if state == before:
            return False
        if live.response:  # which may be a further sample, not judged yet
            self._overview.note(live.item, live.runnable, is_judged=given is not None)
        return True

    def _note_change(self, live: LiveResponse) -> None:
        self._changed[self._id(live)] = live
