"""Tables of pairs of grades, one for each item: what agreement is computed of, and drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

from tui.analysis.coefficients import ac2, alpha, coincidences, ordinal_distances, ordinal_weights, raw
from tui.analysis.intervals import ENDS, Interval, weighed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

TENTATIVE = 30
"""Answers under which a coefficient is tentative."""
ONE_LEVEL = 0.85
"""The share of grades in one level from which AC2 stands for alpha."""


class Coefficient(Struct, frozen=True, kw_only=True):
    """Agreement beyond chance, with its interval."""

    name: Literal["alpha", "AC2"]
    estimate: float
    low: float
    high: float
    is_tentative: bool


class Tables:
    """Of answers with two grades or more."""

    def __init__(self, counts: Numbers, items: NDArray[np.intp]) -> None:
        """From how often each level was given to each answer, and the item of that."""
        self._counts = counts
        self._items = items
        self.cells = self._of_items(1)
        """Coincidences: a row an item."""

    @property
    def levels(self) -> int:
        return int(self._counts.shape[1])

    @property
    def items(self) -> int:
        return len(self.cells)

    @property
    def same(self) -> int:
        """The answers whose grades are all the same."""
        return int((self._counts.max(axis=1) == self._counts.sum(axis=1)).sum())

    @property
    def is_one_level(self) -> bool:
        return bool((self._counts.sum(axis=0) > 0).sum() == 1)

    @property
    def whole(self) -> Numbers:
        """The coincidences of all items."""
        return _square(self.cells.sum(axis=0))

    @property
    def raw(self) -> float:
        return float(raw(self.whole))

    def figures(self, seed: int, *, with_coefficient: bool) -> tuple[Interval, Coefficient | None]:
        """The interval of the raw share, and the coefficient."""
        drawn = _drawn(self.cells, seed)
        interval = _interval(raw(drawn), self.raw)
        if not with_coefficient:
            return interval, None
        grades = self._counts.sum(axis=0)
        if grades.max() / grades.sum() >= ONE_LEVEL:
            evenly, weights = (
                self._of_items(1 / self._counts.sum(axis=1, keepdims=True)),
                ordinal_weights(self.levels),
            )
            estimate = ac2(_square(evenly.sum(axis=0)), weights)
            return interval, self._coefficient("AC2", estimate, ac2(_drawn(evenly, seed), weights))
        return interval, self._coefficient("alpha", _alpha(self.whole), _alpha(drawn))

    def _of_items(self, weights: Numbers | int) -> Numbers:
        """The coincidences of an item's answers, each by its weight."""
        there = np.bincount(self._items) > 0
        places = (there.cumsum() - 1)[self._items]
        of_answers = (coincidences(self._counts).reshape(len(places), -1) * weights).T
        return np.stack([np.bincount(places, weights=cell) for cell in of_answers], axis=1)

    def _coefficient(self, name: Literal["alpha", "AC2"], estimate: Numbers, draws: Numbers) -> Coefficient:
        low, high = np.quantile(draws, ENDS)
        return Coefficient(
            name=name,
            estimate=float(estimate),
            low=float(low),
            high=1.0 if self.same == len(self._counts) else float(high),
            is_tentative=len(self._counts) < TENTATIVE,
        )


def raw_intervals(tables: Sequence[Tables], seed: int) -> list[Interval]:
    """Of the raw shares of several tables of one scale. Those of as many items are drawn together."""
    found: dict[int, Interval] = {}
    for items in {each.items for each in tables}:
        places = [place for place, each in enumerate(tables) if each.items == items]
        some = [tables[place] for place in places]
        diagonal = np.eye(some[0].levels).ravel()
        totals = np.stack([each.cells.sum(axis=1) for each in some], axis=1)
        same = np.stack([each.cells @ diagonal for each in some], axis=1)
        prior = np.hstack([np.outer(outcome, totals.sum(axis=0)) for outcome in (diagonal, diagonal**0)])
        sums, _ = weighed(np.hstack([same, totals]), prior / items, seed=seed)
        draws = sums[:, : len(some)] / sums[:, len(some) :]
        for place, each, column in zip(places, some, draws.T, strict=True):
            found[place] = _interval(column, each.raw)
    return [found[place] for place in range(len(tables))]


def _drawn(cells: Numbers, seed: int) -> Numbers:
    """Tables of all items in the draws of the bootstrap. The prior item says a cell, and the one across."""
    size = cells.shape[1]
    outcomes = _square(np.eye(size))
    prior = ((outcomes + outcomes.swapaxes(1, 2)) / 2).reshape(size, size) * cells.sum() / len(cells)
    sums, weights = weighed(cells, prior, seed=seed)
    return _square(sums / weights[:, None] * (len(cells) + 1))


def _interval(draws: Numbers, estimate: float) -> Interval:
    low, high = np.quantile(draws, ENDS)
    return Interval(0.0 if estimate == 0 else float(low), 1.0 if estimate == 1 else float(high))


def _alpha(table: Numbers) -> Numbers:
    return alpha(table, ordinal_distances(table))


def _square(cells: Numbers) -> Numbers:
    levels = round(cells.shape[-1] ** 0.5)
    return cells.reshape(*cells.shape[:-1], levels, levels)
