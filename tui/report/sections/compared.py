"""Models against each other: differences, and pairs of answers that were judged together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import charts, phrases, preference_words, words
from tui.report.document import Bullets, Note, Paragraph, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.preferences import PreferenceFigures
    from tui.analysis.results import CriterionFigures, KindFigures
    from tui.report.document import Block
    from tui.report.material import Material

MOST_LISTED = 60
"""Differences in words, and shares of wins."""


def compared(of: Material) -> Iterator[Section]:
    comparisons = tuple(
        Section(f"compared-{kind.kind}-{place}", _title(kind, criterion.criterion), _comparison(criterion))
        for kind in of.results.kinds
        for place, criterion in enumerate(phrases.primary_first(kind.criteria), 1)
        if criterion.comparison
    )
    if comparisons:
        yield Section("compared", "Comparisons", parts=comparisons)
    pairs = tuple(
        Section(f"pairs-{kind.kind}-{place}", _title(kind, figures.criterion), _preferences(figures))
        for kind in of.results.kinds
        for place, figures in enumerate(kind.preferences, 1)
    )
    if pairs:
        yield Section("pairs", "Pairs", parts=pairs)


def _title(kind: KindFigures, criterion: str) -> str:
    return f"{phrases.KINDS[kind.kind]}, by the criterion “{criterion}”"


def _comparison(of: CriterionFigures) -> Iterator[Block]:
    comparison = of.comparison
    assert comparison is not None
    yield Paragraph(words.headline(of))
    found = sorted(comparison.differences, key=lambda each: (not each.is_significant, -abs(each.estimate)))
    if len(found) > MOST_LISTED:
        yield Paragraph(
            f"Of {len(found)} pairs of models the first {MOST_LISTED} are listed: those that can be told"
            " apart, then by the size of the difference."
        )
        yield Bullets(tuple(map(words.difference, found[:MOST_LISTED])))
    else:
        yield Bullets(tuple(map(words.difference, found)))
    if found:
        yield charts.differences("Differences, strict, with intervals of 95 %", found)
    for note in words.comparison_notes(of):
        yield Note(note)


def _preferences(of: PreferenceFigures) -> Iterator[Block]:
    names = list(dict.fromkeys(name for each in of.shares for name in (each.first, each.second)))
    if of.strengths:
        yield charts.strengths("Strengths by Bradley and Terry", of.strengths)
        rows = tuple(
            (each.model, words.rank(each.rank), words.signed(each))
            for each in sorted(of.strengths, key=lambda each: (-each.estimate, each.model))
        )
        yield Table("Strengths", ("Model", "Rank", "Strength"), rows, numbers=2)
    if names:
        yield _wins(of, names)
    shares = sorted(of.shares, key=lambda each: -abs(each.estimate - 0.5))
    if len(shares) > MOST_LISTED:
        yield Paragraph(
            f"Of {len(shares)} pairs of models the first {MOST_LISTED} are listed, by their share."
        )
    yield Bullets(
        tuple(
            preference_words.win_share(preference_words.winner_first(each)) for each in shares[:MOST_LISTED]
        )
    )
    for note in preference_words.preference_notes(of):
        yield Note(note)


def _wins(of: PreferenceFigures, names: list[str]) -> Table:
    """The share of wins of the row's model against the column's."""
    shares = {(each.first, each.second): each.estimate for each in of.shares}
    shares |= {(each.second, each.first): 1 - each.estimate for each in of.shares}
    rows = tuple((one, *(_share(shares.get((one, other))) for other in names)) for one in names)
    return Table("Share of wins of the row against the column", ("Model", *names), rows, numbers=len(names))


def _share(of: float | None) -> str:
    return "–" if of is None else words.decimal(of)
