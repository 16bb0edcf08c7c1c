"""The schedule of pairs: which two answers to an item are compared, in which order, and who stands left.

Every round asks each two models once about each item: round n about the n-th answer of each, while both have
one. A block is one task in one round; blocks, items and models are in an order by lot. No judgement moves the
schedule, and neither does what is stored later: it is made of a seed and of the answers of a session, which
are those that were there when it began.

A session may stop anywhere. So at every place of the schedule, two models being a duel:

- In its block each duel has had its share of the questions asked, up to less than 2, and so has each item:
  the part of its own questions that is asked of the whole block. Shares are all that can be equal where
  answers are missing, since an item with two of them has one question, and one with four has six.
  Where none is missing it is less than 1, so that no two duels and no two items are apart by more than 1.
- In the whole schedule each of a duel has stood left as often as the other, and each model left as often as
  right, up to 2. Where no answer is missing up to 1, which an odd number has to be. (Where some are, a model
  is off by 3 in one of thousands of sessions, when the last question of a block leaves no choice.)

While nothing is missing, the duels take turns, and so do the items. By the Chinese remainder theorem each
item then meets each duel once, if after each common multiple of both numbers the items move on by one. Duels
(u, v) are in the order of u + v, so each model meets the others in ascending order; u begins left where v - u
is odd, and they change sides each time. So each model stands left and right in turn.

From the first block on where answers are missing, that duel and item is next which lacks most of its share,
less what its sides would cost. An item comes twice in a row only where it lacks a whole question
more than what else could be asked, and in the middle of a block of two items.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush, heapreplace
from itertools import combinations, count
from math import comb, inf, lcm
from typing import TYPE_CHECKING, Final, NamedTuple

from tui.grading.lot import drawn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui.grading.selection import Asked, Ids

Duel = tuple[int, int]
"""Two models by their numbers, the smaller first."""

_AGAIN: Final = 1
"""Questions that an item must lack more than any other to be asked about twice in a row."""
_SIDES: Final = 0.3
"""Questions that count as much as one more by which the sides of a model differ."""
_FAR: Final = 2
"""The most by which left and right of a model are to differ."""


class Pair(NamedTuple):
    """Two answers to one item, as they stand on a sheet."""

    asked: Asked
    left: str
    """The id of a response."""
    right: str
    identical: bool
    """True where both say the same: then nobody has to be asked."""

    @property
    def ids(self) -> tuple[str, str]:
        """The smaller one first, as a judgement names them."""
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)

    @property
    def place(self) -> int:
        """Where the one with the smaller id stands, 1 for left."""
        return 1 if self.left < self.right else 2


class _Row(NamedTuple):
    """An item in a round. `of` are the ids of its answers, by the numbers of the models."""

    asked: Asked
    of: dict[int, str]

    @property
    def duels(self) -> Iterable[Duel]:
        return combinations(sorted(self.of), 2)


def schedule(ids: Ids, seed: int, twins: Mapping[str, str] | None = None) -> Iterator[Pair]:
    """The pairs in their order. `twins` has the sha256 of the text of those answers that say the same as
    another. Pairs are made as they are asked for."""
    texts = twins or {}
    keys = {key for of in ids.values() for key in of}
    number = {key: n for n, key in enumerate(sorted(keys, key=lambda key: drawn(seed, *key)))}
    by_number = {asked: {number[key]: each for key, each in of.items()} for asked, of in ids.items()}
    sides, whole, last = _Sides(len(number)), True, None
    for rows in _blocks(by_number, seed):
        if rows[0].asked == last:
            rows.append(rows.pop(0))
        whole = whole and all(len(row.of) == len(number) for row in rows)
        for row, duel in _in_turn(rows) if whole else _by_share(rows, sides):
            left, right = (row.of[model] for model in sides.take(duel))
            yield Pair(row.asked, left, right, left in texts and texts[left] == texts.get(right))
        last = row.asked


def _blocks(ids: Mapping[Asked, dict[int, tuple[str, ...]]], seed: int) -> Iterator[list[_Row]]:
    """The items of each task in each round that have something to compare, in an order by lot."""
    for turn in count():
        tasks: dict[str, list[_Row]] = {}
        for asked, by_model in ids.items():
            of = {model: each[turn] for model, each in by_model.items() if turn < len(each)}
            if len(of) > 1:
                tasks.setdefault(asked[0], []).append(_Row(asked, of))
        if not tasks:
            return
        round_ = str(turn)
        for task in sorted(tasks, key=lambda name: drawn(seed, round_, name)):
            yield sorted(tasks[task], key=lambda row: drawn(seed, round_, *row.asked))


def _in_turn(rows: list[_Row]) -> Iterator[tuple[_Row, Duel]]:
    """The order of a block in which no answer is missing."""
    duels = sorted(rows[0].duels, key=sum)
    both = lcm(len(rows), len(duels))
    for n in range(len(rows) * len(duels)):
        yield rows[(n + n // both) % len(rows)], duels[n % len(duels)]


def _by_share(rows: list[_Row], sides: _Sides) -> Iterator[tuple[_Row, Duel]]:
    """The order of a block in which answers are missing."""
    waiting = _Waiting(rows)
    last = -1
    for n in range(1, waiting.total + 1):
        furthest, found = -inf, None
        for duel in waiting.duels():
            row = waiting.top(duel, but=last)
            behind = waiting.behind(duel, row, n / waiting.total) - _SIDES * sides.strain(duel)
            if row == last:
                behind -= _AGAIN
            if behind > furthest:
                furthest, found = behind, (row, duel)
        assert found is not None
        last, duel = found
        waiting.take(last, duel)
        yield rows[last], duel


class _Waiting:
    """What is still to be asked of a block: for each duel a heap of the items, the one that is due first on
    top. An item goes down in its other heaps when it comes to their top."""

    def __init__(self, rows: list[_Row]) -> None:
        self._of_row = [comb(len(row.of), 2) for row in rows]
        self._row_asked = [0] * len(rows)
        self._heaps: dict[Duel, list[tuple[float, int]]] = {}
        for place, row in enumerate(rows):
            for duel in row.duels:
                self._heaps.setdefault(duel, []).append((self._due(place), place))
        for heap in self._heaps.values():
            heapify(heap)
        self._of_duel = {duel: len(heap) for duel, heap in self._heaps.items()}
        self.total = sum(self._of_row)

    def duels(self) -> list[Duel]:
        return [duel for duel, heap in self._heaps.items() if heap]

    def top(self, duel: Duel, *, but: int) -> int:
        """The item that is due first; another one than that, if there is another."""
        heap = self._heaps[duel]
        first = self._top(heap)
        if first != but or len(heap) == 1:
            return first
        held = heappop(heap)
        second = self._top(heap)
        heappush(heap, held)
        return second

    def behind(self, duel: Duel, row: int, part: float) -> float:
        """Questions that both lack of their share, when that part of the block is asked."""
        heap, all_, of_row = self._heaps[duel], self._of_duel[duel], self._of_row[row]
        return (all_ + of_row) * part - (all_ - len(heap)) - self._row_asked[row]

    def take(self, row: int, duel: Duel) -> None:
        heap = self._heaps[duel]
        taken = heappop(heap)
        if taken[1] != row:
            heapreplace(heap, taken)
        self._row_asked[row] += 1

    def _top(self, heap: list[tuple[float, int]]) -> int:
        while True:
            due, row = heap[0]
            now = self._due(row)
            if due == now:
                return row
            heapreplace(heap, (now, row))

    def _due(self, row: int) -> float:
        """The part of a block in the middle of which its next question should be."""
        return (self._row_asked[row] + 0.5) / self._of_row[row]


class _Sides:
    """How often who stood left: of each two models, and of each one over all its duels."""

    def __init__(self, models: int) -> None:
        self._of_duel: dict[Duel, int] = {}
        """How much more often the first stood left than the second."""
        self._of_model = [0] * models
        """How much more often each stood left than right."""

    def strain(self, duel: Duel) -> int:
        """How far the next time takes both models from their balance; below 0 if it takes them nearer."""
        first, second = duel
        return self._next(duel) * (self._of_model[first] - self._of_model[second])

    def take(self, duel: Duel) -> Duel:
        """The two as they stand this time, left and right."""
        first, second = duel
        side = self._next(duel)
        self._of_duel[duel] = self._of_duel.get(duel, 0) + side
        self._of_model[first] += side
        self._of_model[second] -= side
        return duel if side > 0 else (second, first)

    def _next(self, duel: Duel) -> int:
        """1 if the first is to stand left, else -1: the other way than last time, unless a model would be
        too far off."""
        first, second = duel
        before = self._of_duel.get(duel, 0)
        off = before or self._of_model[first] - self._of_model[second]
        side = (-1 if off > 0 else 1) if off else (1 if (second - first) % 2 else -1)
        is_better = self._off(duel, side) > _FAR >= self._off(duel, -side)
        return -side if is_better and abs(before - side) <= _FAR else side

    def _off(self, duel: Duel, side: int) -> int:
        first, second = duel
        return max(abs(self._of_model[first] + side), abs(self._of_model[second] - side))
