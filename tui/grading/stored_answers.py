"""A set of stored answers, in an order that a seed makes: tasks, the items of each, the models of each."""

from __future__ import annotations

import hashlib
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from tui.grading.overview import Overview, Progress, Tally, cell_of, tally
from tui.grading.samples import Samples, StoredAnswer, author_of
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.catalogue.item import Item
    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState
    from tui.grading.overview import Cell
    from tui.grading.selection import Chosen
    from tui.store.database import Store
    from tui.store.records import ResponseRecord


class StoredAnswers:
    """`judged` are the criteria by which each was judged, by id."""

    def __init__(self, store: Store, chosen: Chosen, judged: Mapping[str, set[str]], seed: int) -> None:
        self._store = store
        self._seed = seed
        self._ids = {asked: self._shuffled(asked, of) for asked, of in chosen.ids.items()}
        self.items = tuple(sorted(chosen.items, key=self._rank))
        self.overview = Overview()
        self._count(judged)
        self._slot_ids: dict[tuple[str, str, ModelKey], int] = {}

    @property
    def most_slots(self) -> int:
        return max(map(len, self._ids.values()), default=0)

    def samples(self, item: Item, state: ItemState) -> tuple[Samples, ...]:
        found = (self._samples(item, key, ids, state) for key, ids in self._ids[item.asked].items())
        return tuple(each for each in found if each is not None)

    def cells(self, item: Item, state: ItemState) -> tuple[Cell, ...]:
        return tuple(cell_of(ids, state.judged, item.rubric) for ids in self._ids[item.asked].values())

    def keys(self, item: Item) -> tuple[ModelKey, ...]:
        return tuple(self._ids[item.asked])

    def place_of(self, response: ResponseRecord) -> int | None:
        asked = response.task, response.prompt_hash
        key = ModelKey(response.model, response.model_config_hash, response.origin)
        if response.id not in self._ids.get(asked, {}).get(key, ()):
            return None
        return next(place for place, item in enumerate(self.items) if item.asked == asked)

    def note_state(self, item: Item, state: ItemState) -> None:
        for key, ids in self._ids[item.asked].items():
            self.overview.put((item.asked, key), tally(ids, state.judged, item.rubric))

    def recount(self, judge: Judge) -> None:
        self._count(self._store.progress.judged(judge.id))

    def progress(self) -> Progress | None:
        return self.overview.progress()

    def first(self, count: int) -> set[str]:
        """The ids of so many answers, in the order in which they are judged."""
        found = (
            id_
            for item in self.items
            for sample in zip_longest(*self._ids[item.asked].values())
            for id_ in sample
            if id_ is not None
        )
        return set(islice(found, count))

    def _count(self, judged: Mapping[str, set[str]]) -> None:
        criteria = {item.asked: item.criteria for item in self.items}
        self.overview.know(
            {
                (asked, key): _counted(criteria[asked], of, judged)
                for asked, by_model in self._ids.items()
                for key, of in by_model.items()
            }
        )
        self.overview.look_at(self.items, tuple({key for of in self._ids.values() for key in of}))

    def _samples(self, item: Item, key: ModelKey, ids: tuple[str, ...], state: ItemState) -> Samples | None:
        """From the first one without a judgement; None where the database has lost it."""
        waiting = (id_ for id_ in ids if cell_of((id_,), state.judged, item.rubric).state == "open")
        response = self._store.responses.get(next(waiting, ids[-1]))
        if response is None:
            return None
        slot = self._slot_ids.setdefault((*item.asked, key), len(self._slot_ids) + 1)
        return Samples(slot, item, author_of(self._store, response), key, ids, stepped=StoredAnswer(response))

    def _shuffled(
        self, asked: tuple[str, str], of: dict[ModelKey, tuple[str, ...]]
    ) -> dict[ModelKey, tuple[str, ...]]:
        return dict(sorted(of.items(), key=lambda each: self._drawn(*asked, *each[0])))

    def _rank(self, item: Item) -> tuple[bytes, bytes]:
        return self._drawn(item.task.name), self._drawn(*item.asked)

    def _drawn(self, *names: str) -> bytes:
        """A place by lot, the same on every machine and whatever else there is: answers that are stored later
        move none."""
        return hashlib.sha256("\0".join((str(self._seed), *names)).encode()).digest()


def _counted(criteria: frozenset[str], ids: tuple[str, ...], judged: Mapping[str, set[str]]) -> Tally:
    return Tally(sum(criteria <= judged.get(id_, set()) for id_ in ids), len(ids))
