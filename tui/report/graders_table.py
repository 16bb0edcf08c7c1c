"""What is said of graders, as lines of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.report import agreement_words as words
from tui.report.layout import Line, sentence
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.analysis.disagreements import Disagreement
    from tui.analysis.results import KindFigures
    from tui.report.layout import Page

MOST_DISAGREEMENTS: Final = 5
_BLANK: Final = Line("")


def graders(of: KindFigures, page: Page) -> Iterator[Line]:
    """How far they agree, where they do not, and what their habits are."""
    yield from _part("Agreement", words.agreements(of.agreement), page)
    yield from _part("Graded differently", _disagreements(of.disagreements), page)
    yield from _part("Habits of graders", words.habits(of.habits), page)


def _disagreements(of: tuple[Disagreement, ...]) -> Iterator[str]:
    """Those that are furthest apart."""
    yield from map(words.disagreement, of[:MOST_DISAGREEMENTS])
    if len(of) > MOST_DISAGREEMENTS:
        left = counted(len(of) - MOST_DISAGREEMENTS, "answer")
        yield f"{left} more: all are in --json, and `t` in the app goes from one to the next."


def _part(heading: str, told: Iterable[str], page: Page) -> Iterator[Line]:
    """Nothing where nothing is told."""
    for place, each in enumerate(told):
        if not place:
            yield _BLANK
            yield Line(heading, is_heading=True)
        yield from sentence(each, page, indent=2)
