"""Figures of judgements between two answers: shares of wins, and strengths by Bradley and Terry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from tui.analysis.bradley_terry import pieces, strengths
from tui.analysis.differences import ALPHA, Rank
from tui.analysis.intervals import ENDS, SEED, bootstrapped, weighed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tui.analysis.compared import Compared
    from tui.analysis.intervals import Interval

    Numbers = NDArray[np.float64]

WON: Final = (0.0, 1.0)
"""The least and the most that one of two models may have of a judgement."""


class WinShare(Struct, frozen=True, kw_only=True):
    """How often the first of two models was better; a tie is half a win."""

    first: str
    second: str
    wins: int
    losses: int
    equal: int
    both_bad: int
    identical: int
    """Of the equal ones those that nobody was asked about, since both answers are the same."""
    items: int
    estimate: float
    low: float
    high: float


class Strength(Struct, frozen=True, kw_only=True):
    """A model's place in the ranking by Bradley and Terry."""

    model: str
    estimate: float
    """Log odds against a model of average strength."""
    low: float
    high: float
    rank: Rank


class PreferenceFigures(Struct, frozen=True, kw_only=True):
    """What graders of one kind preferred by one criterion."""

    criterion: str
    judgements: int
    items: int
    skipped: int
    both_bad: float
    """The share of the judgements."""
    shares: tuple[WinShare, ...]
    strengths: tuple[Strength, ...]
    """None for fewer than four models, or where they are in pieces."""
    pieces: tuple[tuple[str, ...], ...]
    """Models that judgements join, where not all are joined; else empty."""


LEAST_RANKED: Final = 4
"""Fewer models have shares of wins only."""
RANKING_DRAWS: Final = 1_000
_NO_SPREAD: Final = 1e-9


def preferences(of: Compared, *, seed: int = SEED) -> list[PreferenceFigures]:
    """Those of each criterion, by name. `of` is of graders of one kind, and of one occasion."""
    return [_preferences(name, of.of_criterion(name), seed) for name in sorted(set(of.criterion.tolist()))]


def _preferences(criterion: str, part: Compared, seed: int) -> PreferenceFigures:
    data = part.where(~part.is_skip)
    places = np.unique([data.first, data.second])
    labels = [data.models[place].label for place in places]
    wins = _tables(data, places)
    games = wins.sum(axis=0) + wins.sum(axis=0).T
    joined = pieces(games)
    is_ranked = len(labels) >= LEAST_RANKED and len(joined) == 1
    return PreferenceFigures(
        criterion=criterion,
        judgements=len(data),
        items=len(wins),
        skipped=len(part) - len(data),
        both_bad=float(data.both_bad.mean()) if len(data) else 0.0,
        shares=tuple(_shares(data, seed)),
        strengths=tuple(_strengths(wins, labels, seed)) if is_ranked else (),
        pieces=tuple(tuple(labels[at] for at in piece) for piece in joined) if len(joined) > 1 else (),
    )


def _tables(data: Compared, places: NDArray[np.intp]) -> Numbers:
    """Of each item with a datum the wins of each model (rows) over each (columns), half a win for a tie."""
    items, item = np.unique(data.item, return_inverse=True)
    count = len(places)
    first, second = np.searchsorted(places, data.first), np.searchsorted(places, data.second)
    size = len(items) * count**2
    ours = np.bincount((item * count + first) * count + second, weights=data.won, minlength=size)
    theirs = np.bincount((item * count + second) * count + first, weights=1 - data.won, minlength=size)
    tables: Numbers = np.asarray(ours + theirs, dtype=np.float64).reshape(len(items), count, count)
    return tables


def _shares(data: Compared, seed: int) -> Iterator[WinShare]:
    """Those of all pairs of models with a datum, in the order of the models."""
    pairs, pair = np.unique(data.first * len(data.models) + data.second, return_inverse=True)
    means = [_item_means(data, pair == place) for place in range(len(pairs))]
    intervals: dict[int, Interval] = {}
    for n in sorted({len(each) for each in means}):
        alike = [place for place, each in enumerate(means) if len(each) == n]
        values = np.stack([means[place] for place in alike], axis=1)
        intervals |= dict(zip(alike, bootstrapped(values, WON, seed=seed), strict=True))
    counts = [
        np.bincount(pair[chosen], minlength=len(pairs)).tolist()
        for chosen in (
            data.won == 1,
            data.won == 0,
            (data.won == 0.5) & ~data.both_bad,
            data.both_bad,
            data.unasked,
        )
    ]
    for place, code in enumerate(pairs.tolist()):
        wins, losses, equal, both_bad, unasked = (each[place] for each in counts)
        yield WinShare(
            first=data.models[code // len(data.models)].label,
            second=data.models[code % len(data.models)].label,
            wins=wins,
            losses=losses,
            equal=equal,
            both_bad=both_bad,
            identical=unasked,
            items=len(means[place]),
            estimate=float(means[place].mean()),
            low=intervals[place].low,
            high=intervals[place].high,
        )


def _item_means(data: Compared, chosen: NDArray[np.bool_]) -> Numbers:
    _, item = np.unique(data.item[chosen], return_inverse=True)
    return np.bincount(item, weights=data.won[chosen]) / np.bincount(item)


def drawn_strengths(wins: Numbers, *, seed: int = SEED) -> tuple[Numbers, Numbers]:
    """Strengths of tables of wins (items x models x models), and their draws (draws x models)."""
    items, count = wins.shape[:2]
    prior = (1 - np.eye(count)) * wins.sum() / (items * count * (count - 1))
    drawn, _ = weighed(wins.reshape(items, -1), prior.reshape(1, -1), seed=seed, draws=RANKING_DRAWS)
    return strengths(wins.sum(axis=0) + prior), strengths(drawn.reshape(-1, count, count))


def is_above(estimates: Numbers, draws: Numbers, items: int) -> NDArray[np.bool_]:
    """Which model (rows) is above which (columns): those whose difference, by its standard deviation, is more
    than the largest of 95 % of the draws. Of few items, where draws spread too little, it counts for less."""
    apart = draws[:, :, None] - draws[:, None, :]
    apart -= apart.mean(axis=0)
    spread = apart.std(axis=0)
    spread[spread < _NO_SPREAD] = np.inf
    most = np.quantile(np.abs(apart / spread).max(axis=(1, 2)), 1 - ALPHA)
    counted = (estimates[:, None] - estimates) / spread * (items - 1) / (items + 1)
    return np.asarray(counted > most)


def _strengths(wins: Numbers, labels: Sequence[str], seed: int) -> Iterator[Strength]:
    estimates, draws = drawn_strengths(wins, seed=seed)
    above = is_above(estimates, draws, len(wins))
    better, worse = above.sum(axis=0).tolist(), above.sum(axis=1).tolist()
    ends = np.quantile(draws, ENDS, axis=0)
    for place, label in enumerate(labels):
        yield Strength(
            model=label,
            estimate=float(estimates[place]),
            low=float(ends[0][place]),
            high=float(ends[1][place]),
            rank=Rank(model=label, first=1 + better[place], last=len(labels) - worse[place]),
        )
