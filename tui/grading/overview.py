"""Progress: the state of each item for a list of them, and the number of judged responses."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.grading.judged import Given, Judged, summary

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from tui.catalogue.rubric import Rubric
    from tui.store.records import ModelKey

State = Literal["none", "working", "failed", "open", "judged"]
Pair = tuple["Hashable", "ModelKey"]
"""What a sheet is known by, and a model on it."""


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


class ItemTally(NamedTuple):
    """Of one sheet: how many of its answers are judged, of those that are stored, and of all that count."""

    judged: int = 0
    stored: int = 0
    counted: int = 0

    def plus(self, other: ItemTally, times: int = 1) -> ItemTally:
        return ItemTally(*(mine + times * theirs for mine, theirs in zip(self, other, strict=True)))


class Overview:
    """Counts what is judged of the pairs in its scope; a pair without a response counts as `least` open ones.

    What changes while all are counted for the first time is added when that is done.
    """

    def __init__(self, least: int = 0) -> None:
        self._least = least
        self._tallies: dict[Pair, Tally] | None = None
        self._since: dict[Pair, Tally] = {}
        self._keys: tuple[ModelKey, ...] = ()
        self._sheets: Sequence[Hashable] = ()
        self._times: Counter[Hashable] = Counter()
        self._by_sheet: dict[Hashable, ItemTally] = {}
        self._sum = ItemTally()

    @property
    def is_known(self) -> bool:
        return self._tallies is not None

    def know(self, tallies: dict[Pair, Tally]) -> None:
        """Take the count of all."""
        self._tallies = tallies | self._since
        self._since = {}
        self._sheets = ()

    def put(self, pair: Pair, now: Tally) -> None:
        if self._tallies is None:
            self._since[pair] = now
            return
        before = self._tallies.get(pair, Tally())
        self._tallies[pair] = now
        sheet, key = pair
        if key in self._keys and sheet in self._by_sheet:
            change = self._counts(now).plus(self._counts(before), -1)
            self._by_sheet[sheet] = self._by_sheet[sheet].plus(change)
            self._sum = self._sum.plus(change, self._times[sheet])

    def look_at(self, sheets: Sequence[Hashable], keys: Sequence[ModelKey]) -> None:
        """Count every pair of these from now on. Counts all anew where they are others than before."""
        if self._tallies is None or (sheets is self._sheets and tuple(keys) == self._keys):
            return
        self._sheets, self._keys = sheets, tuple(keys)
        self._times = Counter(sheets)
        self._by_sheet, self._sum = {}, ItemTally()
        none = Tally()
        for sheet, times in self._times.items():
            found = [self._tallies.get((sheet, key), none) for key in self._keys]
            self._by_sheet[sheet] = ItemTally(
                sum(each.judged for each in found),
                sum(each.total for each in found),
                sum(max(each.total, self._least) for each in found),
            )
            self._sum = self._sum.plus(self._by_sheet[sheet], times)

    def progress(self) -> Progress | None:
        """Of what it looks at; None while the count is not known."""
        return None if self._tallies is None else Progress(self._sum.judged, self._sum.counted)

    def of_place(self, place: int) -> ItemTally | None:
        """The sheet at this place, of those that it looks at; None while the count is not known."""
        return None if self._tallies is None else self._by_sheet[self._sheets[place]]

    def _counts(self, found: Tally) -> ItemTally:
        return ItemTally(found.judged, found.total, max(found.total, self._least))
