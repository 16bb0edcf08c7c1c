"""A printed report beside today's judgements: its verdicts, and what became of its conclusions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import baseline_words as told
from tui.report.agreement_words import agreement
from tui.report.document import Bullets, Note, Paragraph, Section, Table, Title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.baseline import Baseline, Beside, Given
    from tui.report.document import Block
    from tui.report.material import Material

_COLUMNS = ("Item", "Model", "Then", "The same answer, now", "Changed", "Today's answers")


def against(of: Material) -> Iterator[Section]:
    if baseline := of.results.baseline:
        yield Section("baseline", f"Against {baseline.name}", _blocks(of, baseline))


def _blocks(of: Material, baseline: Baseline) -> Iterator[Block]:
    yield Note(told.BRIDGE)
    yield Bullets(tuple(told.bridge(baseline)))
    for each in (each for kind in of.results.kinds for each in kind.agreement if each.between == "report"):
        yield Paragraph(f"{agreement(each)}.")
    yield Table("Its verdicts, and what people give", _COLUMNS, tuple(map(_row, baseline.verdicts)))
    if own := tuple(told.own(baseline)):
        yield Title("Conclusions that do not follow from its own verdicts")
        yield Bullets(own)
    for part in baseline.against:
        yield Title(f"Its conclusions, on {told.answers_of(part)}")
        for conclusion in part.conclusions:
            yield Paragraph(told.conclusion(conclusion))
            yield Bullets(tuple(map(told.claim, conclusion.claims)))


def _row(of: Beside) -> tuple[str, ...]:
    missing = "" if of.is_printed else "not printed"
    changed = of.changed if of.changed not in (None, "same") else ""
    return of.item, of.model, of.verdict, _given(of.again) or missing, changed or "", _given(of.today)


def _given(of: Given | None) -> str:
    return ", ".join(of.levels) if of else ""
