"""How long grades took, as bars: a histogram for each grader."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from textual.content import Content

from tui.analysis.seconds import EDGES
from tui.app.screens.results.drawing import share_bar
from tui.app.screens.results.wrapped import wrapped
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.results import KindFigures
    from tui.analysis.seconds import GraderSeconds

NONE = "How long these judgements took is not known."
BIN, COUNT, MOST_BAR = 12, 7, 60


def seconds_lines(of: KindFigures, width: int) -> Iterator[Content]:
    yield from wrapped("Active seconds for a grade, without pauses. Half took less than the median.", width)
    yield Content()
    if not of.seconds:
        yield Content(NONE)
    for each in of.seconds:
        yield from wrapped(f"{safe_line(each.grader)}: {_words(each)}", width)
        yield from _histogram(each, width)
        yield Content()


def _words(of: GraderSeconds) -> str:
    return (
        f"{of.median:.1f} s, half of them from {of.low:.1f} to {of.high:.1f} s, {counted(of.grades, 'grade')}"
    )


def _histogram(of: GraderSeconds, width: int) -> Iterator[Content]:
    bar = min(width - BIN - COUNT - 2, MOST_BAR)
    ends = [*(f"{low} to {high} s" for low, high in pairwise(EDGES)), f"{EDGES[-1]} s on"]
    last = max(place for place, count in enumerate(of.bins) if count)
    for name, count in list(zip(ends, of.bins, strict=True))[: last + 1]:
        yield Content(f"{name:>{BIN}} {count:>{COUNT},} {share_bar(count / max(of.bins), bar)}")
