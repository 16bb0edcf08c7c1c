from __future__ import annotations

import numpy as np

from tui.analysis.intervals import weighed


def test_what_was_drawn_before_changes_no_draw():
    """Weights are kept for many figures, of however many items each."""
    lot = np.random.default_rng(1)
    outcomes = np.array([[0.0], [0.5], [1.0]])
    for items in (30, 9, 31, 1, 30, 12, 900):
        values = lot.random((items, 1))
        rng = np.random.Generator(np.random.PCG64(2023))
        weights = rng.standard_exponential(size=(10_000, items))
        prior = rng.standard_gamma(1 / 3, size=(10_000, 3))
        sums, totals = weighed(values, outcomes)
        assert np.allclose(sums, weights @ values + prior @ outcomes, rtol=1e-12)
        assert np.allclose(totals, weights.sum(axis=1) + prior.sum(axis=1), rtol=1e-12)
