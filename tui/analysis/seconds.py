"""The time that grades took: active seconds of each grader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.judged import Judged

EDGES: Final = (0, 2, 5, 10, 20, 30, 60, 120)
"""Where the bins of seconds begin; the last has no end."""


class GraderSeconds(Struct, frozen=True, kw_only=True):
    """Active seconds for a grade, of one grader."""

    grader: str
    grades: int
    """Those whose time is known."""
    median: float
    low: float
    """A quarter took less."""
    high: float
    """A quarter took more."""
    bins: tuple[int, ...]
    """How many took from each of EDGES on, and less than the next."""


def grader_seconds(of: Judged) -> Iterator[GraderSeconds]:
    """Those of each grader whose time is known, in their order."""
    for place in np.unique(of.grader):
        seconds = of.seconds[(of.grader == place) & ~of.is_skip]
        seconds = seconds[~np.isnan(seconds)]
        if len(seconds):
            low, median, high = np.quantile(seconds, [0.25, 0.5, 0.75]).tolist()
            found = np.bincount(np.searchsorted(EDGES, seconds, side="right") - 1, minlength=len(EDGES))
            yield GraderSeconds(
                grader=of.graders[place].name,
                grades=len(seconds),
                median=median,
                low=low,
                high=high,
                bins=tuple(found.tolist()),
            )
