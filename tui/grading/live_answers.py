"""The answers of some models to some items: stored, or as they are written."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING

from tui.grading.judged import shown
from tui.grading.lot import drawn
from tui.grading.overview import Cell, Overview, Progress, Tally, cell_of, tally
from tui.grading.samples import Author, Samples
from tui.store.database import Store
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tui.catalogue.item import Item
    from tui.generation.live import LiveResponses
    from tui.generation.live_response import LiveResponse
    from tui.generation.plan import RunnableModel
    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState, Judged
    from tui.grading.overview import Pair
    from tui.store.records import ResponseRecord


class LiveAnswers:
    """A model without an answer counts as one that is not judged."""

    def __init__(self, items: Iterable[Item], live: LiveResponses) -> None:
        self.set_items(items)
        self.overview = Overview(least=1)
        self.live = live
        self._ids: dict[tuple[str, str, str], int] = {}
        self.order_seed: int | None = None
        """Draws the order of the models on each sheet; None for the order in which they are listed."""

    def set_items(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        self._sheets = tuple(item.asked for item in self.items)

    @property
    def most_slots(self) -> int:
        return len(self.live.runnable_models)

    def repeats(self, place: int) -> bool:
        return False

    def samples(self, place: int, state: ItemState) -> tuple[Samples, ...]:
        item = self.items[place]
        return tuple(self.samples_of(item, model, state) for model in self._models(item))

    def samples_of(self, item: Item, runnable: RunnableModel, state: ItemState) -> Samples:
        return self._of(item, self.live.answer_of(item, runnable), state)

    def slot_id(self, live: LiveResponse) -> int:
        key = (*live.item.asked, live.runnable.model.name)
        return self._ids.setdefault(key, len(self._ids) + 1)

    def cells(self, place: int, state: ItemState) -> tuple[Cell, ...]:
        item = self.items[place]
        return tuple(self._cell(item, model, state) for model in self._models(item))

    def keys(self, place: int) -> tuple[ModelKey, ...]:
        return self.known_keys

    def place_of(self, response: ResponseRecord, *, repeated: bool = False) -> int | None:
        asked = response.task, response.prompt_hash
        if ModelKey(response.model, response.model_config_hash, response.origin) not in self.known_keys:
            return None
        return next((place for place, item in enumerate(self.items) if item.asked == asked), None)

    def note_state(self, place: int, state: ItemState) -> None:
        self.note_state_of(self.items[place], state)

    def note_state_of(self, item: Item, state: ItemState) -> None:
        for key in self.known_keys:
            self.overview.put((item.asked, key), tally(state.ids.get(key, ()), state.judged, item.rubric))

    def note(self, samples: Samples, judged: Mapping[str, Judged]) -> None:
        if samples.key:
            now = tally(samples.stored, judged, samples.item.rubric)
            self.overview.put((samples.item.asked, samples.key), now)

    def recount(self, judge: Judge) -> None:
        """Each item is counted when it is shown."""

    def progress(self) -> Progress | None:
        keys = self.known_keys
        self.overview.look_at(self._sheets, keys)
        counted = self.overview.progress()
        if counted is None:
            return None
        unknown = len(self.live.runnable_models) - len(keys)
        return counted._replace(total=counted.total + unknown * len(self.items))

    async def count_all(self, path: Path, grader_id: str) -> None:
        """Raises StoreError."""
        wanted = {item.task.name: item.criteria for item in self.items}
        self.overview.know(await asyncio.to_thread(_tallies, path, grader_id, wanted))

    @property
    def known_keys(self) -> tuple[ModelKey, ...]:
        return tuple(key for model in self.live.runnable_models if (key := self.live.key(model)))

    def _models(self, item: Item) -> Sequence[RunnableModel]:
        """In the order of the sheet."""
        seed, models = self.order_seed, self.live.runnable_models
        if seed is None:
            return models
        return sorted(models, key=lambda each: drawn(seed, *item.asked, each.model.name))

    def _of(self, item: Item, live: LiveResponse, state: ItemState) -> Samples:
        runnable, key = live.runnable, self.live.key(live.runnable)
        model = runnable.model
        author = Author(model.title, runnable.weights.path.name, model.licence)
        stored = state.ids.get(key, ()) if key else ()
        return Samples(self.slot_id(live), item, author, key, stored, live)

    def _cell(self, item: Item, model: RunnableModel, state: ItemState) -> Cell:
        key, live = self.live.key(model), self.live.peek(item, model)
        if live is not None and live.busy:
            return Cell("working")
        if live is not None and live.phase == "failed":
            return Cell("failed")
        if key is None:
            return Cell("none")
        if key in state.ids and not state.ids[key]:
            return Cell("failed")
        return cell_of(state.ids.get(key, ()), state.judged, item.rubric)


def _tallies(path: Path, grader_id: str, wanted: Mapping[str, frozenset[str]]) -> dict[Pair, Tally]:
    """Each task's under its criteria of today; one that has been given others is judged anew."""
    found = {}
    with Store.open(path, create=False) as store:
        judged = store.progress.judged(grader_id) if grader_id else {}
        for (asked, key), responses in groupby(store.progress.all(), lambda each: (each.asked, each.key)):
            if criteria := wanted.get(asked[0]):
                ids = shown(responses)
                found[asked, key] = Tally(sum(criteria <= judged.get(id_, set()) for id_ in ids), len(ids))
    return found
