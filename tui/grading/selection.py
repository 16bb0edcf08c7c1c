"""The stored responses that a grader chooses to judge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

import msgspec

from tui.store.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tui.catalogue.item import Item
    from tui.store.progress import Listed
    from tui.store.records import ModelKey

Asked = tuple[str, str]
Ids = dict[Asked, dict["ModelKey", tuple[str, ...]]]
"""The ids of responses by what was asked and who answered, oldest first."""


@dataclass(frozen=True, slots=True)
class ToJudge(Selection):
    """A selection of complete responses."""

    samples: int | None = None
    """The first so many of each model's answers to an item."""
    limit: int | None = None
    """Answers in all."""
    again: bool = False
    """True for those that this grader has judged, and judges once more."""

    @property
    def json(self) -> str:
        """The same for the same selection, in whatever order it was given."""
        tasks, prompts, models = (
            tuple(sorted(set(names))) for names in (self.tasks, self.prompts, self.models)
        )
        return msgspec.json.encode(replace(self, tasks=tasks, prompts=prompts, models=models)).decode()

    @classmethod
    def of(cls, stored: str) -> ToJudge:
        return msgspec.json.decode(stored, type=cls)


class Chosen:
    """Responses that were chosen, by item."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.ids: Ids = {}

    @property
    def count(self) -> int:
        return sum(len(ids) for of in self.ids.values() for ids in of.values())

    def only(self, keep: Callable[[Asked, str], bool]) -> Chosen:
        """Those that are to be kept, and the items that have some."""
        left = Chosen()
        for item in self.items:
            asked = item.asked
            by_model = self.ids[asked].items()
            kept = {key: tuple(id_ for id_ in ids if keep(asked, id_)) for key, ids in by_model}
            left.add(item, kept)
        return left

    def add(self, item: Item, ids: Mapping[ModelKey, tuple[str, ...]]) -> None:
        if some := {key: of for key, of in ids.items() if of}:
            self.items.append(item)
            self.ids[item.asked] = some


def choose(
    listed: Iterable[Listed], samples: int | None, item_of: Callable[[tuple[str, str]], Item | None]
) -> Chosen:
    """The complete ones among responses that stand as the store lists them."""
    found = Chosen()
    for asked, of_item in groupby(listed, lambda each: each.asked):
        if item := item_of(asked):
            by_model = groupby(of_item, lambda each: each.key)
            ids = {key: tuple(each.id for each in of if each.complete)[:samples] for key, of in by_model}
            found.add(item, ids)
    return found
