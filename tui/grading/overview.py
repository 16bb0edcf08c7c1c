"""Progress: the state of each item for a list of them, and the number of judged responses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.grading.judged import Given, Judged, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Rubric
    from tui.store.records import ModelKey

State = Literal["none", "working", "failed", "open", "judged"]
Asked = tuple[str, str]
Pair = tuple[Asked, "ModelKey"]
"""An item, as it is asked, and a model."""


class Cell(NamedTuple):
    """The state of one model's responses to an item, with what was given to the newest once all have it."""

    state: State
    given: Given | None = None


class Progress(NamedTuple):
    judged: int
    total: int


class Tally(NamedTuple):
    """Of one model's responses to an item: how many are judged, among how many."""

    judged: int = 0
    total: int = 0


def tally(ids: Iterable[str], judged: Mapping[str, Judged], rubric: Rubric) -> Tally:
    ids = tuple(ids)
    return Tally(sum(judged.get(each, Judged()).is_whole(rubric) for each in ids), len(ids))


def cell_of(ids: Sequence[str], judged: Mapping[str, Judged], rubric: Rubric) -> Cell:
    if not ids:
        return Cell("none")
    if tally(ids, judged, rubric).judged < len(ids):
        return Cell("open")
    return Cell("judged", summary(judged[ids[-1]].by(rubric)))


class Overview:
    """Counts what is judged of the pairs in its scope; a pair without a response counts as `least` open ones.

    What changes while all are counted for the first time is added when that is done.
    """

    def __init__(self, least: int = 0) -> None:
        self._least = least
        self._tallies: dict[Pair, Tally] | None = None
        self._since: dict[Pair, Tally] = {}
        self._items: Sequence[Item] = ()
        self._keys: tuple[ModelKey, ...] = ()
        self._times: Counter[Asked] = Counter()
        self._sums = Tally()

    @property
    def is_known(self) -> bool:
        return self._tallies is not None

    def know(self, tallies: dict[Pair, Tally]) -> None:
        """Take the count of all."""
        self._tallies = tallies | self._since
        self._since = {}
        self._items = ()

    def put(self, pair: Pair, now: Tally) -> None:
        if self._tallies is None:
            self._since[pair] = now
            return
        before = self._tallies.get(pair, Tally())
        self._tallies[pair] = now
        asked, key = pair
        if key in self._keys:
            times, added = self._times[asked], self._of(now).total - self._of(before).total
            judged = self._sums.judged + times * (now.judged - before.judged)
            self._sums = Tally(judged, self._sums.total + times * added)

    def of(self, item: Item, key: ModelKey) -> Tally | None:
        """None while it is not known."""
        return None if self._tallies is None else self._tallies.get((item.asked, key), Tally())

    def progress(self, items: Sequence[Item], keys: Sequence[ModelKey]) -> Progress | None:
        """Of every pair of these; None while the count is not known. Counts anew where they changed."""
        if self._tallies is None:
            return None
        if items is not self._items or tuple(keys) != self._keys:
            self._items, self._keys = items, tuple(keys)
            self._times = Counter(item.asked for item in items)
            self._sums = self._counted()
        return Progress(*self._sums)

    def _counted(self) -> Tally:
        judged, total = 0, 0
        for asked, times in self._times.items():
            for key in self._keys:
                found = self._of((self._tallies or {}).get((asked, key), Tally()))
                judged, total = judged + times * found.judged, total + times * found.total
        return Tally(judged, total)

    def _of(self, found: Tally) -> Tally:
        return found._replace(total=max(found.total, self._least))
