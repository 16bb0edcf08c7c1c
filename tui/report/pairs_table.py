"""Figures of pairs as lines of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.report import preference_words, words
from tui.report.layout import Column, Line, sentence, table
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.preferences import PreferenceFigures
    from tui.report.layout import Page

MOST_SHARES: Final = 10


def preferences(of: PreferenceFigures, page: Page) -> Iterator[Line]:
    """Strengths where there are any, then who won against whom."""
    judged = counted(of.judgements, "judgement")
    yield from sentence(f"Pairs, {of.criterion} ({judged}, {counted(of.items, 'item')})", page, heading=True)
    yield from _strengths(of)
    shares = sorted(of.shares, key=lambda each: (-abs(each.estimate - 0.5), each.first, each.second))
    for each in shares[:MOST_SHARES]:
        yield from sentence(preference_words.win_share(preference_words.winner_first(each)), page, indent=2)
    if len(shares) > MOST_SHARES:
        left = counted(len(shares) - MOST_SHARES, "pair")
        yield from sentence(f"{left} of models more: all are in --format csv.", page, indent=2)
    for note in preference_words.preference_notes(of):
        yield from sentence(note, page)


def _strengths(of: PreferenceFigures) -> Iterator[Line]:
    if not of.strengths:
        return
    ordered = sorted(of.strengths, key=lambda each: (-each.estimate, each.model))
    columns = [
        Column("model", [each.model for each in ordered]),
        Column("rank", [words.rank(each.rank) for each in ordered], right=True),
        Column("strength", [words.signed(each) for each in ordered]),
    ]
    yield from table(columns)
