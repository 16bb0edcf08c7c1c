from __future__ import annotations

import choix
import numpy as np
import pytest
from scipy import optimize

from tui.analysis.bradley_terry import pieces, strengths

BASEBALL = np.array(
    [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ],
    dtype=float,
)
"""Wins in the eastern division of baseball's American League, 1987: Milwaukee, Detroit, Toronto, New York,
Boston, Cleveland, Baltimore (Agresti, Categorical Data Analysis, 2nd edition 2002, page 438)."""


def test_agrees_with_the_published_strengths_of_baseball_teams():
    found = strengths(BASEBALL)
    # Agresti prints two digits; Turner and Firth 2012 (doi.org/10.18637/jss.v048.i09) four.
    assert np.round(found - found[-1], 4).tolist() == pytest.approx(
        [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0], abs=1e-4
    )
    assert 1 / (1 + np.exp(found[3] - found[4])) == pytest.approx(0.46, abs=0.01)


def some_tables(count: int) -> np.ndarray:
    """Of 3 to 20 models, many of them one-sided: half of the cells are nearly empty."""
    rng = np.random.default_rng(count)
    wins = rng.poisson(3.0, size=(count, count)) * rng.integers(0, 2, size=(count, count)) + 0.0
    wins += rng.choice([0.0, 0.5, 20.0], size=(count, count)) + 0.05
    np.fill_diagonal(wins, 0)
    return wins


@pytest.mark.parametrize("count", [3, 4, 7, 20])
def test_agrees_with_choix_and_with_an_optimiser_that_knows_only_the_likelihood(count):
    wins = some_tables(count)

    def unlikely(of: np.ndarray) -> float:
        return float((wins * np.logaddexp(0, of[None, :] - of[:, None])).sum()) + float(of.sum() ** 2)

    def slope(of: np.ndarray) -> np.ndarray:
        lost = wins / (1 + np.exp(of[:, None] - of[None, :]))
        return lost.sum(axis=0) - lost.sum(axis=1) + 2 * of.sum()

    found = strengths(wins)
    assert found.sum() == pytest.approx(0, abs=1e-12)
    assert found == pytest.approx(choix.ilsr_pairwise_dense(wins, tol=1e-12, max_iter=10_000), abs=1e-6)
    best = optimize.minimize(unlikely, np.zeros(count), jac=slope, method="BFGS", options={"gtol": 1e-9})
    assert found == pytest.approx(best.x, abs=1e-5)


def test_tables_solved_together_are_those_solved_alone():
    together = np.stack([some_tables(7), BASEBALL, some_tables(7) * 1000])
    assert strengths(together) == pytest.approx(np.stack([strengths(each) for each in together]), abs=1e-9)


def test_a_model_that_all_but_never_lost_is_found():
    wins = np.full((4, 4), 1e-6)
    wins[0, 1:] = 50
    np.fill_diagonal(wins, 0)
    found = strengths(wins)
    assert found[0] - found[1] == pytest.approx(np.log(50 / 1e-6))
    assert found[1:] == pytest.approx(found[1])


def test_a_chain_of_games_makes_a_piece_and_who_played_none_is_in_none():
    games = np.zeros((7, 7))
    for one, other in ((0, 4), (4, 2), (1, 5)):
        games[one, other] = games[other, one] = 1
    assert pieces(games) == [[0, 2, 4], [1, 5]]
