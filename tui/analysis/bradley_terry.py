"""Strengths by Bradley and Terry (1952), by maximum likelihood on tables of wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_MOST_STEPS: Final = 500
_NEAR: Final = 1e-10


def strengths(wins: Numbers) -> Numbers:
    """Of each table (models x models, the wins of the row's model over the column's) the log odds with a mean
    of 0. Tables stand along the first axes, and are solved together. In each, nobody may have won all.

    Newton's steps, none further than 1 between two models: so far the likelihood, whose third derivative is
    at most its second (Bach 2010), surely grows.
    """
    games = wins + np.swapaxes(wins, -1, -2)
    won = wins.sum(axis=-1)
    anchor = games.mean(axis=(-1, -2), keepdims=True)
    found: Numbers = np.zeros(won.shape)
    for _ in range(_MOST_STEPS):
        chances = 1 / (1 + np.exp(found[..., None, :] - found[..., :, None]))
        expected = games * chances
        slope = won - expected.sum(axis=-1)
        shared = expected * (1 - chances)
        curve = shared.sum(axis=-1)[..., None] * np.eye(won.shape[-1]) - shared + anchor
        step = np.linalg.solve(curve, slope[..., None])[..., 0]
        reach = np.ptp(step, axis=-1, keepdims=True)
        found += step / np.maximum(reach, 1)
        if reach.max() < _NEAR:
            break
    found -= found.mean(axis=-1, keepdims=True)
    return found


def pieces(games: Numbers) -> list[list[int]]:
    """Models (rows and columns) that a chain of games joins, each piece ascending; none without a game."""
    left = set(np.flatnonzero(games.any(axis=1)).tolist())
    found = []
    while left:
        piece, edge = set(), {min(left)}
        while edge:
            piece |= edge
            edge = set(np.flatnonzero(games[sorted(edge)].any(axis=0)).tolist()) - piece
        found.append(sorted(piece))
        left -= piece
    return found
