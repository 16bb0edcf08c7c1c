"""What others need: a methods paragraph, a table for a paper, and how to compute all figures again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import phrases
from tui.report.document import Bullets, ForPaper, Paragraph, Section, Verbatim
from tui.report.methods import methods
from tui.report.sections.figures import model_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block
    from tui.report.material import Material


def again(of: Material) -> Iterator[Section]:
    yield Section("methods", "Methods, for a paper", _methods(of))
    if of.results.kinds:
        yield Section("table", "A table for a paper", _tables(of))
    yield Section("again", "To compute it again", _again(of))


def _methods(of: Material) -> Iterator[Block]:
    yield Paragraph(methods(of))


def _tables(of: Material) -> Iterator[Block]:
    for kind in of.results.kinds:
        for criterion in phrases.primary_first(kind.criteria):
            caption = f"{phrases.KINDS[kind.kind]}, {criterion.criterion}, intervals of 95 %"
            yield ForPaper(model_table(caption, criterion))


def _again(of: Material) -> Iterator[Block]:
    yield Paragraph(
        "Every figure is a function of exported rows. Its rule stands in docs/statistics.md of llm-grader;"
        f" the seed of all draws is {of.results.seed}."
    )
    yield Verbatim(f"llm-grader export --what all -o rows\n{of.circumstances.command}")
    yield Bullets(
        (
            f"llm-grader {of.circumstances.app_version} wrote this on {of.circumstances.date}.",
            "The seed makes the same draws with numpy's PCG64, whatever the machine.",
        )
    )
