"""How many items a comparison needs."""

from __future__ import annotations

from math import ceil, comb, sqrt

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
    differing = mean([each["spread"] for each in differences])
    pairs = len(differences)
    return {
        "differing": differing,
        "found": least_found(differing, differences[0]["items"], pairs),
        "for_ten_points": ceil(items(differing, TEN_POINTS, pairs)),
    }


def items(differing, difference, pairs):
    """The items that find a difference, of so many on which two models differ."""
    tested, found = norm.ppf(1 - ALPHA / (2 * pairs)), norm.ppf(POWER)
    return (tested * sqrt(differing) + found * sqrt(max(differing - difference**2, 0))) ** 2 / difference**2


def least_found(differing, count, pairs):
    """The smallest difference that so many items find."""
    most = sqrt(differing)
    if differing == 0 or items(differing, most, pairs) > count:
        return 1.0
    return brentq(lambda difference: items(differing, difference, pairs) - count, 1e-9, most)


def fewest_items(models):
    """The fewest that can tell any two of so many models apart."""
    pairs = comb(models, 2)
    return next(count for count in range(1, 1000) if 2 * 2**-count <= ALPHA / pairs)
