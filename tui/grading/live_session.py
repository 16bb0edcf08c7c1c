"""Grading as one likes: any item, each model's answers to it, stored or written meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.errors import StoreError
from tui.grading.hiding import held_back, held_back_cells
from tui.grading.judge import Judge
from tui.grading.live_answers import LiveAnswers
from tui.grading.lot import new_seed
from tui.grading.samples import of_samples
from tui.grading.session import Session
from tui.grading.slots import slot_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.catalogue.item import Item
    from tui.generation.live import LiveResponses
    from tui.generation.live_response import LiveResponse
    from tui.generation.plan import RunnableModel
    from tui.grading.events import Event
    from tui.grading.overview import Cell
    from tui.grading.sheet import Changes, Sheet, Slot
    from tui.store.database import Store

HIDDEN_LINE = "The engine has trouble with a model. Its log says with which, and why."
"""What a blind session says in place of a line about a model."""


class LiveSession(Session):
    generates = True

    def __init__(self, items: Iterable[Item], *, live: LiveResponses, store: Store, grader: str) -> None:
        self._answers: LiveAnswers
        super().__init__(LiveAnswers(items, live), store=store, judge=Judge(store, grader))
        self._live = live
        if self._judge.open_sessions():
            self._hide()
        self._stirred: dict[int, LiveResponse] = {}
        """Those that changed since `take_changes` was asked, by slot."""
        self._states: dict[int, tuple[object, ...]] = {}
        self._lines: list[str] = []
        live.changed = self._note_change
        live.said = self._lines.append

    def go_to(self, place: int) -> Sheet | None:
        sheet = super().go_to(place)
        return self._from_open_samples() if sheet and self.blind else sheet

    def cells(self, place: int) -> tuple[Cell, ...]:
        cells = super().cells(place)
        return held_back_cells(cells) if self.blind else cells

    def make_blind(self) -> None:
        """Hide who wrote what from now on, in the session that was left so, or a new one; the sheet is dealt
        anew. Raises StoreError, and then nothing is hidden."""
        before = self._item, self._shown, self._visits
        self._hide()
        try:
            if self._shown:
                self.go_to(self.place)
            self._judge.begin()  # at once: other commands are to know that there is something to hide
        except StoreError:
            self._judge.end_blind()
            self._answers.order_seed = None
            self._item, self._shown, self._visits = before
            raise

    def _hide(self) -> None:
        left = (record for record in self._judge.open_sessions() if record.mode == "free")
        self._judge.begin_blind(new_seed(), next(left, None))
        self._answers.order_seed = self._judge.seed

    def reveal(self) -> None:
        """Of several blind sessions of this grader it ends one, the newest; the answers stay hidden until
        all are revealed."""
        open_ = self._judge.open_sessions()
        if open_ and not self._judge.has_begun:
            self._store.sessions.reveal(open_[0].id)
        super().reveal()
        if self._judge.open_sessions():
            self._hide()
        else:
            self._answers.order_seed = None

    async def count_all(self) -> None:
        await self._answers.count_all(self._store.path, self._judge.id)

    def take_changes(self) -> Changes:
        for slot, live in list(self._stirred.items()):
            self._take_in(slot, live)
            del self._stirred[slot]
            self._changed.add(slot)
        if self.blind and self._changed:  # they are shown together
            self._changed.update(samples.id for samples in self._shown)
        return super().take_changes()

    def take_lines(self) -> list[str]:
        lines = self._lines[:]
        self._lines.clear()
        return [HIDDEN_LINE] if lines and self.blind else lines

    def run(self) -> int:
        """Have every model answer that has not; how many began."""
        return 0 if self._is_held_back else self._live.run(self._live_ones)

    def missing(self) -> list[int]:
        """How many answers each item lacks, in the order of the items."""
        return [self._missing(item) for item in self.items]

    def run_all(self) -> None:
        """Have every model answer every item that lacks an answer, one item after another."""
        self._live.run_all(item for item in self.items if self._missing(item))

    def run_again(self, slot: int) -> bool:
        """Have one more sample written, which the slot then shows, unless one is under way."""
        samples = self._of(slot)
        if samples.live is None or self._is_held_back or not self._live.run_again(samples.live):
            return False
        samples.stepped = None
        return True

    def stop(self, slot: int) -> None:
        """Blind it stops all of the sheet: which of them are still being written is not to be seen."""
        ones = self._live_ones if self.blind else [self._of(slot).live]
        for live in ones:
            if live is not None and (live.busy or not self.blind):
                self._live.cancel(live)

    def events(self, slot: int) -> tuple[Event, ...]:
        return () if self._is_held_back else super().events(slot)

    def stop_all(self) -> None:
        self._live.cancel_all()

    @property
    def busy(self) -> bool:
        return self._live.busy

    async def identify(self) -> bool:
        known = len(self._answers.known_keys)
        await self._live.identify()
        return len(self._answers.known_keys) > known

    @property
    def models(self) -> tuple[RunnableModel, ...]:
        return self._live.runnable_models

    def add_models(self, models: Iterable[RunnableModel]) -> None:
        """Add models after those that are there, of which nothing changes. A slot of each joins the sheet."""
        before = self._live.runnable_models
        for model in models:
            self._live.add(model)
        if not self._shown or self._visits:
            return
        try:
            item = self.items[self.place]
            state = self._state(self.place)
            models = self._live.runnable_models[len(self._shown) :]
            fresh = tuple(self._answers.samples_of(item, model, state) for model in models)
            self._shown += fresh
            self._judged |= of_samples(fresh, state)
        except StoreError:
            self._live.runnable_models = before
            raise

    def set_items(self, items: Iterable[Item]) -> None:
        """Replace the items. The place stays, or is the last where there are fewer now."""
        self._answers.set_items(items)
        self.place = min(self.place, max(len(self.items) - 1, 0))

    def _missing(self, item: Item) -> int:
        """The number of models that have no whole answer to it and are not writing one."""
        whole = {each.key for each in self._store.progress.of_prompt(*item.asked) if each.complete}
        lacking = (model for model in self.models if self._live.key(model) not in whole)
        return sum(not ((live := self._live.peek(item, model)) and live.busy) for model in lacking)

    @property
    def _is_held_back(self) -> bool:
        """True while the answers of a blind sheet are hidden because one of them is being written."""
        return self.blind and any(live.busy for live in self._live_ones)

    @property
    def _live_ones(self) -> list[LiveResponse]:
        return [samples.live for samples in self._shown if samples.live]

    def slot(self, position: int) -> Slot | None:
        if not self.blind:
            return super().slot(position)
        return self._slots()[position] if position < len(self._shown) else None

    def _slots(self) -> tuple[Slot, ...]:
        slots = super()._slots()
        return held_back(slots) if self.blind and not self._visits else slots

    def _from_open_samples(self) -> Sheet | None:
        """Blind, the number of a model's answers is not to be seen: each has its turn in the slot."""
        for samples in self._shown:
            waiting = slot_of(samples, self._judged, 0).open_samples
            if waiting and samples.live and not samples.live.busy:
                self.step(samples.id, waiting[0])
        return self.current()

    def _note_change(self, live: LiveResponse) -> None:
        self._stirred[self._answers.slot_id(live)] = live

    def _take_in(self, slot: int, live: LiveResponse) -> None:
        """Say that the list has something new, if more changed than the length of the answer."""
        response = live.response.id if live.response else ""
        state = response, self._live.key(live.runnable), live.busy, live.phase
        before = self._states.get(slot, ("", None))
        if state == before:
            return
        if state[:2] != before[:2]:
            self._read_anew(slot, live.item)
        self._states[slot] = state
        self._moved.add(live.item.asked)

    def _read_anew(self, slot: int, item: Item) -> None:
        state = self._judge.state(item)
        self._answers.note_state_of(item, state)
        for samples in self._shown:
            if samples.id == slot and samples.live:
                samples.key = self._live.key(samples.live.runnable)
                samples.stored = state.ids.get(samples.key, ()) if samples.key else ()
                self._judged |= of_samples([samples], state)
