"""Intervals of 95 %: Wilson's of a proportion, and the Bayesian bootstrap over items with one prior item."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SEED: Final = 2023
DRAWS: Final = 10_000
Z: Final = 1.959963984540054
ENDS: Final = (0.025, 0.975)

_MOST_KEPT: Final = 8_000_000
"""The most weights in memory at once."""


class Interval(NamedTuple):
    low: float
    high: float


def wilson(hits: float, n: int) -> Interval:
    """Wilson (1927), of `hits` of `n`; n is at least 1."""
    rate = hits / n
    spread = Z * np.sqrt(rate * (1 - rate) / n + Z**2 / (4 * n**2))
    middle = rate + Z**2 / (2 * n)
    low, high = (middle - spread) / (1 + Z**2 / n), (middle + spread) / (1 + Z**2 / n)
    return Interval(0.0 if hits == 0 else float(low), 1.0 if hits == n else float(high))


def weighed(
    values: Numbers, outcomes: Numbers, *, seed: int = SEED, draws: int = DRAWS
) -> tuple[Numbers, Numbers]:
    """Sums of `values` (items x columns) and of `outcomes` (outcomes x columns), weighed by draws of the
    Dirichlet weights of the items and of one prior item: (draws x columns), and each draw's sum of weights.

    Rubin (1981). docs/statistics.md has the recipe.
    """
    if draws * len(values) <= _MOST_KEPT:
        items, weights, rng = _drawn(seed, draws).of(len(values))
        sums = items @ values
    else:
        rng = _generator(seed)
        sums, weights = np.empty((draws, values.shape[1])), np.empty(draws)
        for rows in _parts(draws, len(values)):
            items = rng.standard_exponential(size=(len(weights[rows]), len(values)))
            sums[rows], weights[rows] = items @ values, items.sum(axis=1)
    prior = rng.standard_gamma(1 / len(outcomes), size=(draws, len(outcomes)))
    return sums + prior @ outcomes, weights + prior.sum(axis=1)


def bootstrapped(values: Numbers, outcomes: Sequence[float], *, seed: int = SEED) -> list[Interval]:
    """The interval of the mean of each column of `values` (items x columns), which could have been any of the
    outcomes: the prior item says the least or the largest of them."""
    worst, best = min(outcomes), max(outcomes)
    prior = np.repeat(np.array([[worst], [best]], dtype=float), values.shape[1], axis=1)
    sums, weights = weighed(values, prior, seed=seed)
    ends = np.quantile(sums / weights[:, None], ENDS, axis=0)
    return [
        Interval(
            worst if (column == worst).all() else float(low), best if (column == best).all() else float(high)
        )
        for column, low, high in zip(values.T, *ends, strict=True)
    ]


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


class _Drawn:
    """Weights in the order in which they are drawn, which many figures share: those of fewer items are the
    first of those of more."""

    def __init__(self, seed: int, draws: int) -> None:
        self._draws = draws
        self._weights = np.empty(_MOST_KEPT)
        self._after = {0: _generator(seed)}
        """The generator as it is after the weights of so many items."""
        self._sums: dict[int, Numbers] = {}

    def of(self, items: int) -> tuple[Numbers, Numbers, np.random.Generator]:
        """Draws x items, the sum of each draw, and the generator after them."""
        if items not in self._after:
            before = max(known for known in tuple(self._after) if known < items)
            rng = deepcopy(self._after[before])
            rng.standard_exponential(out=self._weights[before * self._draws : items * self._draws])
            self._after[items] = rng
        weights = self._weights[: items * self._draws].reshape(self._draws, items)
        if items not in self._sums:
            self._sums[items] = weights.sum(axis=1)
        return weights, self._sums[items], deepcopy(self._after[items])


@lru_cache(maxsize=2)
def _drawn(seed: int, draws: int) -> _Drawn:
    return _Drawn(seed, draws)


def _parts(draws: int, items: int) -> Iterator[slice]:
    step = max(1, _MOST_KEPT // max(items, 1))
    for start in range(0, draws, step):
        yield slice(start, min(start + step, draws))
