from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from tui.analysis.differences import holm, sign_flip
from tui.analysis.intervals import wilson
from tui.analysis.planning import found_with, items_for, least_items


def of_all_signs(values: list[Fraction]) -> float:
    """By writing out all 2^n of them."""
    far = abs(sum(values))
    sums = [
        sum(s * v for s, v in zip(signs, values, strict=True))
        for signs in product((-1, 1), repeat=len(values))
    ]
    return sum(abs(each) >= far for each in sums) / len(sums)


@pytest.mark.parametrize(
    "hits, n", [(0, 1), (1, 1), (0, 9), (5, 9), (9, 9), (10, 10), (29, 30), (1, 500), (250, 500)]
)
def test_wilson_is_that_of_scipy_and_of_statsmodels(hits, n):
    found = wilson(hits, n)
    theirs = stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert found == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert found == pytest.approx(proportion_confint(hits, n, method="wilson"), abs=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_sign_flip_test_is_that_of_all_signs_written_out(seed):
    rng = np.random.default_rng(seed)
    n, parts = int(rng.integers(1, 13)), int(rng.choice([1, 2, 3, 6, 7, 10]))
    values = [Fraction(int(each), parts) for each in rng.integers(-parts, parts + 1, size=n)]
    given = np.array([float(each) for each in values])
    assert sign_flip(given) == pytest.approx(of_all_signs(values), rel=1e-12)
    one, other = np.maximum(given, 0), np.maximum(-given, 0)
    theirs = stats.permutation_test(
        (one, other), lambda x, y, axis: (x - y).mean(axis=axis), vectorized=True, permutation_type="samples",
        n_resamples=np.inf,
    )  # fmt: skip
    assert sign_flip(given) == pytest.approx(theirs.pvalue, rel=1e-9)


@pytest.mark.parametrize(
    "only_one, only_other, same", [(7, 1, 12), (8, 0, 1), (3, 3, 4), (60, 35, 405), (500, 400, 300)]
)
def test_of_passes_and_fails_it_is_the_exact_test_of_mcnemar(only_one, only_other, same):
    values = np.repeat([1.0, -1.0, 0.0], [only_one, only_other, same])
    theirs = mcnemar([[same, only_one], [only_other, 0]], exact=True)
    assert sign_flip(values) == pytest.approx(theirs.pvalue, rel=1e-9)


def test_mcnemar_as_published():
    """Of 1,600 voters asked twice, 86 turned one way and 150 the other (Agresti, Categorical Data Analysis,
    2nd edition 2002, table 10.1): z² = 17.36."""
    values = np.repeat([1.0, -1.0, 0.0], [150, 86, 794 + 570])
    assert sign_flip(values) == pytest.approx(stats.binomtest(86, 236).pvalue, rel=1e-9)
    assert sign_flip(values) == pytest.approx(stats.chi2.sf(17.36, 1), rel=0.3)


def test_many_denominators_are_counted_in_the_finest_equal_units():
    rng = np.random.default_rng(7)
    values = rng.integers(-9, 10, size=500) / rng.integers(10, 400, size=500)
    found = sign_flip(values)
    flips = rng.choice([-1.0, 1.0], size=(20_000, 500)) @ values
    assert found == pytest.approx((np.abs(flips) >= abs(values.sum())).mean(), abs=0.012)


def test_one_item_none_that_differ_and_thirds():
    assert sign_flip(np.array([0.4])) == 1.0
    assert sign_flip(np.zeros(9)) == 1.0
    assert sign_flip(np.array([1 / 3] * 6)) == 2 / 2**6
    assert sign_flip(np.array([2 / 3 - 1 / 3, 1 / 3, 1 / 3, 1 - 2 / 3])) == 2 / 2**4


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_that_of_statsmodels(seed):
    rng = np.random.default_rng(seed)
    ps = np.round(rng.random(rng.integers(1, 30)) ** 3, 2).tolist()
    assert holm(ps) == pytest.approx(multipletests(ps, method="holm")[1].tolist(), abs=1e-12)


def test_the_fewest_items_that_can_tell_models_apart():
    assert {models: least_items(models) for models in (2, 3, 4, 9, 20)} == {2: 6, 3: 7, 4: 8, 9: 11, 20: 13}


@pytest.mark.parametrize("difference, differing", [(0.1, 0.3), (0.2, 0.4), (0.15, 0.2)])
def test_so_many_items_find_it_four_times_in_five(difference, differing):
    n = items_for(difference, differing, 2)
    rng = np.random.default_rng(1)
    shares = [(differing + difference) / 2, (differing - difference) / 2, 1 - differing]
    drawn = rng.multinomial(n, shares, size=2_000)
    found = np.mean([stats.binomtest(int(a), int(a + b)).pvalue <= 0.05 for a, b, _ in drawn if a + b])
    assert 0.70 < found < 0.85
    assert found_with(n, differing, 2) == pytest.approx(difference, abs=0.005)
