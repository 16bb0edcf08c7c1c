"""Associations between how an answer was shown, or what it is like, and what a grader gave it.

Each is a table of graders by items: of an item's answers the mean of some less the mean of others, from -1 to
1; NaN where there are none of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui.analysis.compared import Compared
    from tui.analysis.judged import Judged

    Numbers = NDArray[np.float64]
    Truths = NDArray[np.bool_]
    Codes = NDArray[np.intp]

HabitName = Literal[
    "longer answers", "shown first", "later", "quick", "names itself", "rows unread", "left of a pair"
]
HABITS: tuple[HabitName, ...] = get_args(HabitName)


def associations(data: Judged) -> dict[HabitName, Numbers]:
    """Of data by one criterion."""
    by_cell = _ByCell(data)
    quick = np.where(np.isnan(data.seconds), np.nan, data.seconds < medians(data)[data.grader])
    return {
        "longer answers": by_cell.longer_less_shorter(),
        "shown first": by_cell.difference(np.where(np.isnan(data.place), np.nan, data.place == 1)),
        "later": by_cell.later(),
        "quick": by_cell.difference(quick),
        "names itself": by_cell.difference(data.names_itself),
        "rows unread": by_cell.difference(np.where(np.isnan(data.rows_unread), np.nan, data.rows_unread > 0)),
    }


def left_of_pairs(pairs: Compared, graders: int) -> Numbers:
    """Of decided pairs the share that the left one won, less that of the right."""
    decided = pairs.where(~np.isnan(pairs.left))
    items = int(decided.item.max(initial=-1)) + 1
    return _means(decided.grader * items + decided.item, decided.left, graders * items).reshape(
        graders, items
    )


def medians(of: Judged) -> Numbers:
    """Of the seconds of each grader; NaN where none were measured."""
    found = np.full(len(of.graders), np.nan)
    for grader in np.unique(of.grader):
        measured = of.seconds[(of.grader == grader) & ~np.isnan(of.seconds)]
        found[grader] = np.median(measured) if len(measured) else np.nan
    return found


class _ByCell:
    """Data by grader and item."""

    def __init__(self, data: Judged) -> None:
        self._data = data
        self._shape = len(data.graders), len(data.items)
        self._cell = data.grader * self._shape[1] + data.item
        self._values = data.scores("mean")

    def difference(self, chosen: Numbers) -> Numbers:
        """The mean of those for which it is 1, less that of those for which it is 0."""
        return self._mean(chosen == 1) - self._mean(chosen == 0)

    def later(self) -> Numbers:
        """The mean of an item's data in the second half of the grader's of its task, less that of all data in
        the first."""
        graders = self._shape[0]
        names = {name: place for place, name in enumerate({each.task: None for each in self._data.items})}
        task = np.array([names[each.task] for each in self._data.items], dtype=np.intp)
        part = self._data.grader * len(names) + task[self._data.item]
        place, count = _places(part, self._data.seq)
        second = place >= (count + 1) // 2
        first = _means(part[~second], self._values[~second], graders * len(names)).reshape(graders, -1)
        return self._mean(second) - first[:, task]

    def longer_less_shorter(self) -> Numbers:
        """Of pairs of different length and value the share in which the longer has the larger, less the share
        in which it has the smaller."""
        lengths = np.array([each.length for each in self._data.answers])[self._data.answer]
        order = np.argsort(self._cell, kind="stable")
        cell, length, value = self._cell[order], lengths[order], self._values[order]
        place, count = _places(cell, np.arange(len(cell)))
        sums, pairs = np.zeros(self._size), np.zeros(self._size)
        ones = np.arange(len(cell))
        for apart in range(1, int(count.max(initial=1))):
            ones = ones[place[ones] + apart < count[ones]]
            others = ones + apart
            sign = np.sign(length[ones] - length[others]) * np.sign(value[ones] - value[others])
            sums += np.bincount(cell[ones], weights=sign, minlength=self._size)
            pairs += np.bincount(cell[ones], weights=sign != 0, minlength=self._size)
        with np.errstate(invalid="ignore"):
            return np.asarray(sums / pairs).reshape(self._shape)

    @property
    def _size(self) -> int:
        return self._shape[0] * self._shape[1]

    def _mean(self, chosen: Truths) -> Numbers:
        return _means(self._cell[chosen], self._values[chosen], self._size).reshape(self._shape)


def _means(cells: Codes, values: Numbers, size: int) -> Numbers:
    with np.errstate(invalid="ignore"):
        found: Numbers = np.bincount(cells, weights=values, minlength=size) / np.bincount(
            cells, minlength=size
        )
    return found


def _places(part: Codes, order: Codes) -> tuple[Codes, Codes]:
    """Each row's place among those of its part, in this order, and how many these are."""
    rows = np.lexsort((order, part))
    counts = np.bincount(part)
    starts = np.cumsum(counts) - counts
    places = np.empty(len(part), dtype=np.intp)
    places[rows] = np.arange(len(part)) - starts[part[rows]]
    return places, counts[part]
