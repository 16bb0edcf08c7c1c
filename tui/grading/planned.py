"""The sheets of a session over stored answers, in the order in which they are judged."""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from tui.grading.lot import drawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui.catalogue.item import Item
    from tui.grading.selection import Chosen
    from tui.store.records import ModelKey

    Slots = Mapping[ModelKey, tuple[str, ...]]


class Planned(NamedTuple):
    """A sheet to come: the ids of the answers of each model, in the order of its slots."""

    item: Item
    ids: Slots
    repeats: bool = False
    """True if all of them are judged once more, for agreement with oneself."""

    @property
    def answers(self) -> list[str]:
        """The ids of all, in the same order however they are dealt."""
        return sorted(id_ for ids in self.ids.values() for id_ in ids)


def planned(chosen: Chosen, seed: int, *, apart: bool) -> list[Planned]:
    """Tasks in blocks, the items of each, the models of each: all drawn. With `apart` each sample has a sheet
    of its own, drawn anew, after those of the samples before it: how many a model has is not to be seen."""
    found = []
    for item in chosen.items:
        block = drawn(seed, item.task.name)
        for number, slots in enumerate(_rounds(chosen.ids[item.asked], apart=apart)):
            names = (*item.asked, str(number)) if number else item.asked
            found.append((block, number, drawn(seed, *names), Planned(item, dealt(seed, names, slots))))
    return [sheet for *_, sheet in sorted(found, key=lambda each: each[:3])]


def first_of(sheets: Iterable[Planned], count: int) -> set[str]:
    """The ids of so many answers, in the order in which they are judged."""
    found = (
        id_
        for sheet in sheets
        for sample in zip_longest(*sheet.ids.values())
        for id_ in sample
        if id_ is not None
    )
    return set(islice(found, count))


def _rounds(of: Slots, *, apart: bool) -> Iterator[Slots]:
    if not apart:
        yield of
        return
    for number in range(max(map(len, of.values()))):
        yield {key: (ids[number],) for key, ids in of.items() if number < len(ids)}


def dealt(seed: int, names: tuple[str, ...], of: Slots) -> Slots:
    """The slots in an order by lot, another for other names of the sheet."""
    return dict(sorted(of.items(), key=lambda each: drawn(seed, *names, *each[0])))
