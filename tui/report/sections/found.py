"""What was found, in a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import charts, phrases, preference_words, words
from tui.report.document import Bullets, Note, Paragraph, Section
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.preferences import PreferenceFigures
    from tui.analysis.results import CriterionFigures, KindFigures
    from tui.report.document import Block
    from tui.report.material import Material


def found(of: Material) -> Iterator[Section]:
    yield Section("found", "What was found", _blocks(of))


def _blocks(of: Material) -> Iterator[Block]:
    for kind in of.results.kinds:
        for criterion in phrases.primary_first(kind.criteria):
            yield from _criterion(kind, criterion)
        for each in kind.preferences:
            yield from _preferences(kind, each)
    if not of.results.kinds:
        yield Paragraph("There are no figures yet.")
    if of.blind:
        yield Note(phrases.hidden(of.blind))
    if of.results.kinds:
        yield Note(f"{words.INTERVALS} {LIMIT}")


MOST_LISTED = 6
"""Differences; a few sentences have no room for more."""
LIMIT = "What they do not say is under “Limits of the sample”."
"""Where a reader goes on."""


def _criterion(kind: KindFigures, of: CriterionFigures) -> Iterator[Block]:
    by = f"{phrases.KINDS[kind.kind]}: {phrases.listed(kind.graders)}"
    about = f"{counted(of.judgements, 'judgement')} of {counted(len(of.items), 'item')}"
    yield Paragraph(f"{by}. {about}, by the criterion “{of.criterion}”. {words.headline(of)}")
    if not of.models:
        return
    yield Paragraph(f"The figures are {words.measure('strict', of.levels)}.")
    yield charts.models(f"{of.criterion}, strict, all items: estimate and interval of 95 %", of.models)
    if of.comparison and of.comparison.is_tested:
        told = [words.difference(each) for each in of.comparison.differences if each.is_significant]
        if len(told) > MOST_LISTED:
            yield Paragraph("Which two differ, and by how much, is under “Comparisons”.")
        elif told:
            yield Bullets(tuple(told))


def _preferences(kind: KindFigures, of: PreferenceFigures) -> Iterator[Block]:
    by = f"{phrases.KINDS[kind.kind]}, between two answers by “{of.criterion}”"
    about = f"{counted(of.judgements, 'judgement')} of {counted(of.items, 'item')}"
    if of.strengths:
        first = max(of.strengths, key=lambda each: each.estimate)
        place = f"place {words.rank(first.rank)} of {len(of.strengths)}"
        about += f". The greatest strength has {first.model}: {words.signed(first)}, {place}"
    yield Paragraph(f"{by}: {about}.")
    if of.shares and not of.strengths and len(of.shares) <= MOST_LISTED:
        yield Bullets(
            tuple(preference_words.win_share(preference_words.winner_first(each)) for each in of.shares)
        )
