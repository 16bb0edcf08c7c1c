"""Two models on the same items: their difference, the exact sign-flip test, and ranks as ranges."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import lcm
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui.analysis.intervals import SEED, bootstrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui.analysis.models import Means

    Numbers = NDArray[np.float64]

ALPHA: Final = 0.05
_MOST_UNITS: Final = 200_000
_MOST_PARTS: Final = 1_000
"""The largest denominator of a difference."""
_HALVED_AT_ONCE: Final = 512
"""Numbers of ways up to two to this power are kept as they are."""


class Difference(Struct, frozen=True, kw_only=True):
    """How much better the first of two models is, on items that both have data of."""

    first: str
    second: str
    """Labels."""
    estimate: float
    low: float
    high: float
    items: int
    differing: int
    """Items on which the two differ."""
    spread: float
    """The mean square of the items' differences."""
    p: float | None = None
    """Of the sign-flip test; None where the comparison is exploratory."""
    corrected_p: float | None = None
    """By Holm over its family."""

    @property
    def is_significant(self) -> bool:
        return self.corrected_p is not None and self.corrected_p <= ALPHA


class Rank(Struct, frozen=True, kw_only=True):
    """The places that a model could have among all."""

    model: str
    first: int
    last: int


def differences(
    means: Means, models: Sequence[int], labels: Sequence[str], *, seed: int = SEED
) -> list[Difference]:
    """Those of all pairs of the models, on the items that all of them have; none where there are no such."""
    shared = means.values[~np.isnan(means.values[:, list(models)]).any(axis=1)]
    pairs = list(combinations(models, 2))
    if not len(shared) or not pairs:
        return []
    values = np.stack([shared[:, one] - shared[:, other] for one, other in pairs], axis=1)
    most = means.outcomes[-1] - means.outcomes[0]
    intervals = bootstrapped(values, (-most, most), seed=seed)
    return [
        Difference(
            first=labels[one],
            second=labels[other],
            estimate=float(column.mean()),
            low=low,
            high=high,
            items=len(shared),
            differing=int((column != 0).sum()),
            spread=float((column**2).mean()),
        )
        for (one, other), column, (low, high) in zip(pairs, values.T, intervals, strict=True)
    ]


def tested(found: Sequence[Difference], means: Means, labels: Sequence[str]) -> list[Difference]:
    """The same with p, corrected over all of them."""
    place = {label: at for at, label in enumerate(labels)}
    models = sorted({place[name] for each in found for name in (each.first, each.second)})
    shared = means.values[~np.isnan(means.values[:, models]).any(axis=1)]
    ps = [sign_flip(shared[:, place[each.first]] - shared[:, place[each.second]]) for each in found]
    return [
        replace(each, p=p, corrected_p=corrected)
        for each, p, corrected in zip(found, ps, holm(ps), strict=True)
    ]


def sign_flip(values: Numbers) -> float:
    """The p of the exact sign-flip test (Fisher 1935), two-sided: the share of all ways to choose the signs
    in which the sum is at least as far from 0. With one pass or fail an item it is McNemar's exact test."""
    signed = _in_units(values)
    observed = abs(int(signed.sum()))
    if not observed:
        return 1.0
    units = np.sort(np.abs(signed[signed != 0])).tolist()
    # A sum as far below 0 is one of the units that are added of at most this.
    most = (sum(units) - observed) // 2
    shares, reached = np.zeros(most + 1), 0
    shares[0] = 1.0
    for start in range(0, len(units), _HALVED_AT_ONCE):
        some = units[start : start + _HALVED_AT_ONCE]
        for step in some:
            reached = min(reached + step, most)
            if step <= reached:
                shares[step : reached + 1] += shares[: reached + 1 - step]
        shares *= 0.5 ** len(some)
    return float(min(1.0, 2 * shares.sum()))


def holm(ps: Sequence[float]) -> list[float]:
    """Holm (1979), in the order given."""
    order = sorted(range(len(ps)), key=ps.__getitem__)
    corrected, largest = [0.0] * len(ps), 0.0
    for place, which in enumerate(order):
        largest = max(largest, min(1.0, ps[which] * (len(ps) - place)))
        corrected[which] = largest
    return corrected


def ranks(found: Sequence[Difference]) -> list[Rank]:
    """Of each model of tested differences, in their order."""
    better: dict[str, int] = {}
    worse: dict[str, int] = {}
    for each in found:
        for name in (each.first, each.second):
            better.setdefault(name, 0)
            worse.setdefault(name, 0)
        if each.is_significant:
            above, below = (each.first, each.second) if each.estimate > 0 else (each.second, each.first)
            better[below] += 1
            worse[above] += 1
    return [Rank(model=name, first=1 + better[name], last=len(better) - worse[name]) for name in better]


def _in_units(values: Numbers) -> NDArray[np.int64]:
    unit = lcm(*(_parts(value) for value in np.unique(values).tolist()))
    unit = min(unit, max(1, _MOST_UNITS // len(values)))
    return np.rint(values * unit).astype(np.int64)


@lru_cache(maxsize=100_000)
def _parts(value: float) -> int:
    """Of which it is a whole number."""
    return Fraction(value).limit_denominator(_MOST_PARTS).denominator
