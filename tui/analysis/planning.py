"""How many items a comparison needs, before and after anybody grades."""

from __future__ import annotations

from itertools import count
from math import ceil, comb, sqrt
from statistics import NormalDist
from typing import Final

from msgspec import Struct

from tui.analysis.differences import ALPHA

POWER: Final = 0.8
"""How often a difference that is there is to be found: four times in five."""

LEAST_ITEMS: Final = 30
"""Of fewer items that were seen nothing is said of how many are needed."""

TEN_POINTS: Final = 0.1

SHARES: Final = (0.2, 0.3, 0.5)
"""Shares of items on which two models may differ, where nothing is known of it."""


class Needed(Struct, frozen=True, kw_only=True):
    """What a number of items can tell, for a share of items on which two models differ."""

    differing: float
    items: int
    found: float
    """The smallest difference that so many items would find four times in five; 1 where none."""
    for_ten_points: int
    """Items that find a difference of 0.1."""


def least_items(models: int) -> int:
    """The fewest that can tell any two of so many models apart, all differing one way."""
    pairs = max(comb(models, 2), 1)
    return next(n for n in count(1) if 2 * 0.5**n <= ALPHA / pairs)


def items_for(difference: float, differing: float, models: int) -> int:
    """Items that find a difference four times in five (Miettinen 1968), 0 < difference <= differing."""
    level, power = _quantiles(models)
    root = level * sqrt(differing) + power * sqrt(max(differing - difference**2, 0.0))
    return max(ceil(root**2 / difference**2), least_items(models))


def found_with(items: int, differing: float, models: int) -> float:
    """The smallest difference that so many items find four times in five; 1 where they find none that is
    possible."""
    if not differing or items_for(differing, differing, models) > items:
        return 1.0
    low, high = 0.0, differing
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (low, middle) if items_for(middle, differing, models) <= items else (middle, high)
    return high


def needed(items: int, differing: float, models: int) -> Needed:
    return Needed(
        differing=differing,
        items=items,
        found=found_with(items, differing, models),
        for_ten_points=items_for(TEN_POINTS, max(differing, TEN_POINTS), models),
    )


def plan(items: int, models: int) -> list[Needed]:
    """For each of the usual shares."""
    return [needed(items, share, models) for share in SHARES]


def _quantiles(models: int) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf(1 - ALPHA / (2 * max(comb(models, 2), 1))), normal.inv_cdf(POWER)
