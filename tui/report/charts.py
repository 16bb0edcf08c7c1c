"""Charts of figures: what of them is drawn, and on which scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.report import words
from tui.report.document import Bar, Chart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.analysis.differences import Difference
    from tui.analysis.habits import Habit
    from tui.analysis.judged import Measure
    from tui.analysis.models import ModelFigures
    from tui.analysis.preferences import Strength

SHARES: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
BETWEEN: Final = (-1.0, -0.5, 0.0, 0.5, 1.0)
MOST_BARS: Final = 40


def models(caption: str, of: Sequence[ModelFigures], measure: Measure = "strict") -> Chart:
    """The best first."""
    bars = []
    for each in words.best_first(of, measure)[:MOST_BARS]:
        figure = each.of(measure)
        bars.append(Bar(each.model, *words.drawn(figure), words.figure(figure)))
    return Chart(_cut(caption, len(of)), tuple(bars), SHARES)


def differences(caption: str, of: Sequence[Difference]) -> Chart:
    bars = (
        Bar(f"{each.first} less {each.second}", each.low, each.estimate, each.high, words.signed(each))
        for each in of[:MOST_BARS]
    )
    return Chart(_cut(caption, len(of)), tuple(bars), BETWEEN)


def habits(caption: str, of: Sequence[Habit]) -> Chart:
    bars = (Bar(each.name, each.low, each.estimate, each.high, words.signed(each)) for each in of)
    return Chart(caption, tuple(bars), BETWEEN)


def strengths(caption: str, of: Sequence[Strength]) -> Chart:
    """By Bradley and Terry; the scale is as wide as the widest interval."""
    ordered = sorted(of, key=lambda each: (-each.estimate, each.model))
    most = max((abs(end) for each in of for end in (each.low, each.high)), default=1.0)
    end = float(max(1, -(-most // 1)))
    bars = (Bar(each.model, each.low, each.estimate, each.high, words.signed(each)) for each in ordered)
    return Chart(caption, tuple(bars), (-end, -end / 2, 0.0, end / 2, end))


def _cut(caption: str, bars: int) -> str:
    return caption if bars <= MOST_BARS else f"{caption}; the first {MOST_BARS} of {bars}"
