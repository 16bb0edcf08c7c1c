from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tui.analysis.intervals import bootstrapped
from tui.analysis.preferences import drawn_strengths, is_above


@pytest.mark.parametrize("hits, n", [(1, 9), (5, 9), (24, 30), (95, 100)])
def test_of_one_pass_or_fail_an_item_the_bootstrap_is_the_interval_of_jeffreys(hits, n):
    values = np.repeat([1.0, 0.0], [hits, n - hits])[:, None]
    theirs = stats.beta.ppf([0.025, 0.975], hits + 0.5, n - hits + 0.5)
    assert bootstrapped(values, (0.0, 1.0))[0] == pytest.approx(tuple(theirs), abs=0.008)


def test_where_all_items_say_the_most_or_the_least_the_interval_ends_there():
    best, worst = bootstrapped(np.array([[1.0, 0.0]] * 9), (0.0, 0.5, 1.0))
    assert (best.high, worst.low) == (1.0, 0.0)
    assert best.low < 1 and worst.high > 0


@pytest.mark.parametrize("less", [0.0, 0.2])
def test_differences_of_single_judgements_of_nine_items_hold_92_of_100_times(less):
    rng = np.random.default_rng(1)
    one, other = rng.random((9, 1_000)) < 0.6, rng.random((9, 1_000)) < 0.6 - less
    ends = np.array(bootstrapped(one.astype(float) - other, (-1.0, 1.0)))
    assert ((ends[:, 0] <= less + 1e-9) & (less - 1e-9 <= ends[:, 1])).mean() > 0.92


def test_models_as_strong_as_each_other_are_seldom_told_apart():
    rng = np.random.default_rng(1)
    told = 0
    for _ in range(60):
        wins = np.zeros((30, 4, 4))
        for one, other in zip(*np.triu_indices(4, 1), strict=True):
            wins[:, one, other] = rng.random(30) < 0.5
            wins[:, other, one] = 1 - wins[:, one, other]
        told += bool(is_above(*drawn_strengths(wins), 30).any())
    assert told <= 7


def test_ties_alone_tell_nothing_apart():
    wins = np.full((9, 4, 4), 0.5) * (1 - np.eye(4))
    assert not is_above(*drawn_strengths(wins), 9).any()
