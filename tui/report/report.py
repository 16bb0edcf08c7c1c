"""The report: its sections in their order, and the formats it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from tui.report.document import Document
from tui.report.html import html
from tui.report.latex import latex
from tui.report.markdown import markdown
from tui.report.sections.again import again
from tui.report.sections.against import against
from tui.report.sections.answers import answers
from tui.report.sections.asked import asked
from tui.report.sections.compared import compared
from tui.report.sections.datasheet import heds
from tui.report.sections.figures import figures
from tui.report.sections.found import found
from tui.report.sections.graded import graded
from tui.report.sections.limits import limits
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from tui.report.document import Section
    from tui.report.material import Material

Format = Literal["html", "md", "latex"]

SECTIONS: Final[tuple[Callable[[Material], Iterator[Section]], ...]] = (
    found,
    asked,
    answers,
    figures,
    compared,
    graded,
    against,
    limits,
    again,
    heds,
)
"""What it says, in this order."""

_FORMATS: Final = {"html": html, "md": markdown, "latex": latex}


def document(of: Material) -> Document:
    """Sections are made while they are read: a document is written once."""
    models = len(of.results.answered)
    which = f"{counted(models, 'language model')} on {counted(len(of.items), 'item')}"
    return Document(
        title=f"Evaluation of {which if models else 'language models'}",
        subtitle=f"llm-grader {of.circumstances.app_version}, {of.circumstances.date}",
        sections=tuple(section for each in SECTIONS for section in each(of)),
    )


def write(of: Material, file_format: Format, stream: TextIO) -> None:
    for part in _FORMATS[file_format](document(of)):
        stream.write(part)
