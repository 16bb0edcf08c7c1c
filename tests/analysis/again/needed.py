"""How many items a comparison needs."""

from __future__ import annotations

from math import ceil, sqrt

from scipy.optimize import brentq
from scipy.stats import norm

from .numbers import mean

LEAST_ITEMS = 30
ALPHA = 0.05
POWER = 0.8
TEN_POINTS = 0.1


def needed(differences):
    """By the differences of each two models that were seen; None for fewer items than 30."""
    if not differences or differences[0]["items"] < LEAST_ITEMS:
        return None
    seen, pairs = differences[0]["items"], len(differences)
    share = mean([each["spread"] for each in differences])
    return {
        "differing": share,
        "items": seen,
        "found": least_found(seen, share, pairs),
        "for_ten_points": max(ceil(items(TEN_POINTS, max(share, TEN_POINTS), pairs)), fewest_items(pairs)),
    }


def items(difference, share, pairs):
    """The items that find a difference, where two models differ on that share of them."""
    tested, found = norm.ppf(1 - ALPHA / (2 * pairs)), norm.ppf(POWER)
    return (tested * sqrt(share) + found * sqrt(max(share - difference**2, 0))) ** 2 / difference**2


def least_found(seen, share, pairs):
    """The smallest difference that so many items find."""
    if share == 0 or fewest_items(pairs) > seen or items(share, share, pairs) > seen:
        return 1.0
    return brentq(lambda difference: items(difference, share, pairs) - seen, 1e-9, share, xtol=1e-13)


def fewest_items(pairs):
    """The fewest that can tell any two models apart, all differing one way."""
    return next(count for count in range(1, 1000) if 2 * 2**-count <= ALPHA / pairs)
