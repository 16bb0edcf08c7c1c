"""A set of stored answers, on sheets that were planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.grading.overview import Overview, Progress, Tally, cell_of, tally
from tui.grading.samples import Samples, StoredAnswer, author_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState, Judged
    from tui.grading.overview import Cell
    from tui.grading.planned import Planned
    from tui.store.database import Store
    from tui.store.records import ModelKey, ResponseRecord


class StoredAnswers:
    def __init__(self, store: Store, sheets: Sequence[Planned], judge: Judge) -> None:
        self._store = store
        self._sheets = sheets
        self.items = tuple(sheet.item for sheet in sheets)
        self._places = {
            (id_, sheet.repeats): place
            for place, sheet in enumerate(sheets)
            for ids in sheet.ids.values()
            for id_ in ids
        }
        self.most_slots = max((len(sheet.ids) for sheet in sheets), default=0)
        self.overview = Overview()
        self._slot_ids: dict[tuple[int, ModelKey], int] = {}
        self.recount(judge)

    def repeats(self, place: int) -> bool:
        return self._sheets[place].repeats

    def samples(self, place: int, state: ItemState) -> tuple[Samples, ...]:
        found = (self._samples(place, key, ids, state) for key, ids in self._sheets[place].ids.items())
        return tuple(each for each in found if each is not None)

    def cells(self, place: int, state: ItemState) -> tuple[Cell, ...]:
        sheet = self._sheets[place]
        return tuple(cell_of(ids, state.judged, sheet.item.rubric) for ids in sheet.ids.values())

    def keys(self, place: int) -> tuple[ModelKey, ...]:
        return tuple(self._sheets[place].ids)

    def place_of(self, response: ResponseRecord, *, repeated: bool = False) -> int | None:
        return self._places.get((response.id, repeated))

    def note_state(self, place: int, state: ItemState) -> None:
        sheet = self._sheets[place]
        for key, ids in sheet.ids.items():
            self.overview.put((place, key), tally(ids, state.judged, sheet.item.rubric))

    def note(self, samples: Samples, judged: Mapping[str, Judged]) -> None:
        place = self._places.get((samples.stored[0], samples.repeats)) if samples.stored else None
        if place is not None and samples.key:
            self.overview.put((place, samples.key), tally(samples.stored, judged, samples.item.rubric))

    def recount(self, judge: Judge) -> None:
        first = judge.criteria_judged()
        again = judge.criteria_judged(repeated=True) if any(sheet.repeats for sheet in self._sheets) else {}
        self.overview.know(
            {
                (place, key): _counted(sheet.item.criteria, ids, again if sheet.repeats else first)
                for place, sheet in enumerate(self._sheets)
                for key, ids in sheet.ids.items()
            }
        )
        keys = dict.fromkeys(key for sheet in self._sheets for key in sheet.ids)
        self.overview.look_at(range(len(self._sheets)), tuple(keys))

    def progress(self) -> Progress | None:
        return self.overview.progress()

    def _samples(self, place: int, key: ModelKey, ids: tuple[str, ...], state: ItemState) -> Samples | None:
        """From the first one without a judgement; None where the database has lost it."""
        sheet = self._sheets[place]
        waiting = (id_ for id_ in ids if cell_of((id_,), state.judged, sheet.item.rubric).state == "open")
        response = self._store.responses.get(next(waiting, ids[-1]))
        if response is None:
            return None
        slot = self._slot_ids.setdefault((place, key), len(self._slot_ids) + 1)
        author = author_of(self._store, response)
        shown = StoredAnswer(response)
        return Samples(slot, sheet.item, author, key, ids, stepped=shown, repeats=sheet.repeats)


def _counted(criteria: frozenset[str], ids: tuple[str, ...], judged: Mapping[str, set[str]]) -> Tally:
    return Tally(sum(criteria <= judged.get(id_, set()) for id_ in ids), len(ids))
