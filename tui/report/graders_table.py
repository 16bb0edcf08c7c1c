"""Agreement and habits of graders as lines of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.report import agreement_words
from tui.report.layout import Line, sentence
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.analysis.results import KindFigures
    from tui.report.layout import Page

MOST_PAIRS: Final = 6
"""More pairs of graders are not drawn."""


def graders(of: KindFigures, page: Page) -> Iterator[Line]:
    """Each part that there is, after an empty line."""
    yield from _part("Agreement", _agreement(of), page)
    yield from _part("Habits", agreement_words.habits(of.habits, in_short=True), page)


def _part(heading: str, told: Iterable[str], page: Page) -> Iterator[Line]:
    for place, each in enumerate(told):
        if not place:
            yield from (Line(""), Line(heading, is_heading=True))
        yield from sentence(each, page, indent=2)


def _agreement(of: KindFigures) -> Iterator[str]:
    pairs = [each for each in of.agreement if each.between == "pair"]
    drawn = [each for each in of.agreement if each.between != "pair" or len(pairs) <= MOST_PAIRS]
    yield from agreement_words.agreements(drawn)
    if hidden := len(of.agreement) - len(drawn):
        yield f"{counted(hidden, 'pair')} of graders: all are in --format csv."
    if of.disagreements:
        yield f"Graded differently: {counted(len(of.disagreements), 'answer')}. t in the app leads to them."
