"""Alpha and AC2 against published examples, and packages that compute them."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa

from tui.analysis.coefficients import ac2, alpha, coincidences, ordinal_distances, ordinal_weights, raw

FOUR_OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C."""

SIX_PSYCHIATRISTS = np.array(
    [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0], [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0], [1, 1, 0, 4, 0], [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1],
    ],
    dtype=float,
)  # fmt: skip
"""How often each of five diagnoses was given to 15 patients: a part of Fleiss (1971), and `distrib.6raters`
of Gwet's package irrCAC, whose manual prints the coefficients."""

TWO_ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]], dtype=float)
"""Gwet, Handbook of Inter-Rater Reliability (2014): `cont3x3abstractors` of irrCAC."""


def counted(text: str) -> np.ndarray:
    """How often each of five levels was given to each unit of two observers or more."""
    units = zip(*(line.split() for line in text.split("\n") if line), strict=True)
    counts = np.array([[unit.count(str(level)) for level in range(1, 6)] for unit in units], dtype=float)
    return counts[counts.sum(axis=1) > 1]


def whole(counts: np.ndarray) -> np.ndarray:
    return coincidences(counts).sum(axis=0)


def evenly(counts: np.ndarray) -> np.ndarray:
    return (coincidences(counts) / counts.sum(axis=1)[:, None, None]).sum(axis=0)


def of_two(table: np.ndarray) -> np.ndarray:
    """The counts of answers that two graded, from their table."""
    one = np.eye(len(table))
    return np.array(
        [
            one[a] + one[b]
            for a, row in enumerate(table)
            for b, count in enumerate(row)
            for _ in range(int(count))
        ]
    )


def test_coincidences_are_those_that_krippendorff_prints():
    assert whole(counted(FOUR_OBSERVERS)).round(3).tolist() == [
        [7, 1.333, 0.333, 0.333, 0],
        [1.333, 10, 1.333, 0.333, 0],
        [0.333, 1.333, 8, 0.333, 0],
        [0.333, 0.333, 0.333, 4, 0],
        [0, 0, 0, 0, 3],
    ]


def test_alpha_is_what_krippendorff_prints():
    table = whole(counted(FOUR_OBSERVERS))
    between = np.subtract.outer(np.arange(5), np.arange(5)).astype(float)
    assert alpha(table, 1 - np.eye(5)) == pytest.approx(0.743, abs=5e-4)
    assert alpha(table, ordinal_distances(table)) == pytest.approx(0.815, abs=5e-4)
    assert alpha(table, between**2) == pytest.approx(0.849, abs=5e-4)


def test_alpha_and_ac1_are_what_gwet_prints():
    table = whole(of_two(TWO_ABSTRACTORS))
    assert raw(table) == pytest.approx(0.89)
    assert alpha(table, 1 - np.eye(3)) == pytest.approx(0.7972585, abs=5e-8)
    assert ac2(table, np.eye(3)) == pytest.approx(0.8493305, abs=5e-8)
    table = whole(SIX_PSYCHIATRISTS)
    assert alpha(table, 1 - np.eye(5)) == pytest.approx(0.4204384, abs=5e-8)
    assert ac2(evenly(SIX_PSYCHIATRISTS), np.eye(5)) == pytest.approx(0.4448007, abs=5e-8)


def test_ordinal_weights_are_those_that_gwet_prints():
    assert ordinal_weights(3).round(4).tolist() == [[1, 0.6667, 0], [0.6667, 1, 0.6667], [0, 0.6667, 1]]
    assert ordinal_weights(5)[0].round(4).tolist() == [1, 0.9, 0.7, 0.4, 0]


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=12))
def test_alpha_is_that_of_the_package_krippendorff(rows):
    counts = np.array(rows, dtype=float)
    several = counts[counts.sum(axis=1) > 1]
    assume((several.sum(axis=0) > 0).sum() > 1)
    table = whole(several)
    for level, distances in (("nominal", 1 - np.eye(4)), ("ordinal", ordinal_distances(table))):
        theirs = krippendorff.alpha(
            value_counts=np.array(rows), value_domain=np.arange(4), level_of_measurement=level
        )
        assert alpha(table, distances) == pytest.approx(theirs, abs=1e-9)


def test_alpha_is_fleiss_kappa_but_for_its_correction_of_small_samples():
    table = whole(SIX_PSYCHIATRISTS)
    grades = table.sum()
    kappa = fleiss_kappa(SIX_PSYCHIATRISTS.astype(int))
    assert alpha(table, 1 - np.eye(5)) == pytest.approx(kappa + (1 - kappa) / grades)


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=12))
def test_ac2_is_what_its_formula_says_answer_by_answer(rows):
    counts = np.array(rows, dtype=float)
    counts = counts[counts.sum(axis=1) > 1]
    assume(len(counts))
    weights = ordinal_weights(3)
    grades = counts.sum(axis=1)
    observed = np.mean(
        [(row * (weights @ row - 1)).sum() / (m * (m - 1)) for row, m in zip(counts, grades, strict=True)]
    )
    shares = (counts / grades[:, None]).mean(axis=0)
    expected = weights.sum() / 6 * (shares * (1 - shares)).sum()
    assert ac2(evenly(counts), weights) == pytest.approx((observed - expected) / (1 - expected))
