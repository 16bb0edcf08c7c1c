"""Intervals, the test and its correction, of plain numbers."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import lcm, sqrt

import numpy

DRAWS, SEED = 10_000, 2023
Z = 1.959963984540054
FINEST = 200_000
CLOSE = 1e-9


def mean(values):
    return sum(values) / len(values)


@cache
def weights(items: int, parts: int, draws: int = DRAWS):
    """The weights of the items and of the parts of the prior one, a row for each draw."""
    rng = numpy.random.Generator(numpy.random.PCG64(SEED))
    of_items = rng.standard_exponential(size=(draws, items))
    return of_items, rng.standard_gamma(1 / parts, size=(draws, parts))


def bootstrap(values, least, largest):
    """The interval of the mean of what items say, each in their order."""
    items, prior = weights(len(values), 2)
    total = items @ numpy.array(values, float) + prior @ numpy.array([least, largest], float)
    low, high = quantiles(total / (items.sum(axis=1) + prior.sum(axis=1)))
    is_least = all(abs(value - least) < CLOSE for value in values)
    is_largest = all(abs(value - largest) < CLOSE for value in values)
    return least if is_least else low, largest if is_largest else high


def quantiles(draws):
    low, high = numpy.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def wilson(right: int, count: int):
    share, square = right / count, Z * Z
    middle = share + square / (2 * count)
    half = Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    low, high = ((middle + sign * half) / (1 + square / count) for sign in (-1, 1))
    return (0.0 if right == 0 else low, 1.0 if right == count else high)


def sign_flip(differences) -> float:
    """Of all ways to choose the signs of these Fractions, the share by which their sum is as far from 0."""
    rounded = [difference.limit_denominator(1000) for difference in differences]
    unit = lcm(*(each.denominator for each in rounded))
    if len(rounded) * unit > FINEST:
        unit = FINEST // len(rounded)
    steps = [round(each * unit) for each in rounded]
    ways = {0: 1}
    for step in steps:
        longer: dict[int, int] = {}
        for total, count in ways.items():
            for changed in (total + step, total - step):
                longer[changed] = longer.get(changed, 0) + count
        ways = longer
    as_far = sum(count for total, count in ways.items() if abs(total) >= abs(sum(steps)))
    return float(Fraction(as_far, 2 ** len(steps)))


def holm(probabilities):
    """Each corrected for being one of so many."""
    corrected, least = [0.0] * len(probabilities), 0.0
    order = sorted(range(len(probabilities)), key=lambda place: probabilities[place])
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(order) - rank) * probabilities[place]))
        corrected[place] = least
    return corrected


def ranks(models, above):
    """The first and the last rank of each model. The pairs in `above`, better and worse, are told apart."""
    count = len(models)
    return {
        model: (
            1 + sum(worse == model for _, worse in above),
            count - sum(better == model for better, _ in above),
        )
        for model in models
    }
