"""Coefficients of agreement: pure functions over tables of pairs of grades, level by level.

A table holds, in row a and column b, how many pairs of grades of one answer are (a, b); it is symmetric. All
functions take one table or many: the last two axes are a table's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


def coincidences(counts: Numbers) -> Numbers:
    """A table for each answer, from how often each level was given to it (answers x levels). It sums to the
    number of grades; of one grade there is no pair, and it is all 0."""
    grades = counts.sum(axis=1)[:, None, None]
    return np.asarray(_ordered_pairs(counts) / np.maximum(grades - 1, 1))


def raw(table: Numbers) -> Numbers:
    """The share of pairs that are the same."""
    return np.asarray(np.trace(table, axis1=-2, axis2=-1) / table.sum(axis=(-2, -1)))


def alpha(table: Numbers, distances: Numbers) -> Numbers:
    """Krippendorff's alpha (2011) of a table of coincidences; NaN where all grades are the same."""
    margins = table.sum(axis=-1)
    grades = margins.sum(axis=-1)
    observed = (table * distances).sum(axis=(-2, -1))
    expected = (_products(margins) * distances).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(1 - (grades - 1) * observed / expected)


def ordinal_distances(table: Numbers) -> Numbers:
    """Krippendorff's for levels: the square of how many grades lie between two, with half of their own."""
    margins = table.sum(axis=-1)
    middles = margins.cumsum(axis=-1) - margins / 2
    return np.asarray((middles[..., :, None] - middles[..., None, :]) ** 2)


def ac2(table: Numbers, weights: Numbers) -> Numbers:
    """Gwet's AC2 of a table in which each answer counts the same, whoever graded it; with the weights of
    `numpy.eye` it is AC1. Of at least two levels.

    Gwet (2008); with weights, and grades missing, Gwet, Handbook of Inter-Rater Reliability (2014).
    """
    levels = table.shape[-1]
    pairs = table / table.sum(axis=(-2, -1), keepdims=True)
    observed = (pairs * weights).sum(axis=(-2, -1))
    shares = pairs.sum(axis=-1)
    expected = weights.sum() / (levels * (levels - 1)) * (shares * (1 - shares)).sum(axis=-1)
    return np.asarray((observed - expected) / (1 - expected))


def ordinal_weights(levels: int) -> Numbers:
    """Gwet's: 1 for the same level, 0 for the two ends, and for others by how many pairs of levels there are
    from the one to the other."""
    apart = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels)))
    between = apart * (apart + 1) / 2
    return np.asarray(1 - between / max(between.max(), 1))


def _ordered_pairs(counts: Numbers) -> Numbers:
    return np.asarray(_products(counts) - counts[:, :, None] * np.eye(counts.shape[1]))


def _products(counts: Numbers) -> Numbers:
    return np.asarray(counts[..., :, None] * counts[..., None, :])
