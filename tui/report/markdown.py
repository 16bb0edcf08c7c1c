"""A document as Markdown, of GitHub's kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, assert_never

from tui.report import plots
from tui.report.document import (
    Bullets,
    Chart,
    Facts,
    ForPaper,
    Link,
    Note,
    Paragraph,
    Table,
    Title,
    Verbatim,
    listed,
)
from tui.report.latex import booktabs
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block, Cell, Document, Section

_SPECIAL: Final = re.compile(r"[\\`*_\[\]#|~$]|^[-+=]|:(?=//|[\w+-]+:)|(?<=www)\.")
"""Characters that are markup, the beginnings of lists, and what is made a link or a sign."""
_NUMBERED: Final = re.compile(r"^(\d+)([.)])(?=\s|$)")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FENCE: Final = 3
_DEEPEST: Final = 6


def markdown(document: Document) -> Iterator[str]:
    """Its parts, in order."""
    yield f"# {line(document.title)}\n\n{line(document.subtitle)}\n\n"
    yield "\n".join(_contents(document)) + "\n\n"
    for section in document.sections:
        yield from _section(section, 2)


def line(text: str) -> str:
    """A text in one line, of which nothing is markup."""
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", safe_line(text))
    escaped = _NUMBERED.sub(r"\1\\\2", escaped)
    return re.sub("[&<>]", lambda found: _ENTITIES[found[0]], escaped)


def _contents(document: Document) -> Iterator[str]:
    for depth, section in listed(document):
        yield f"{'  ' * (depth - 1)}- [{line(section.title)}](#{section.anchor})"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f'<a id="{section.anchor}"></a>\n\n{"#" * min(level, _DEEPEST)} {line(section.title)}\n\n'
    for block in section.blocks:
        yield from _block(block, min(level + 1, _DEEPEST))
    for part in section.parts:
        yield from _section(part, level + 1)


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield f"{line(text)}\n\n"
        case Note(text):
            yield f"> {line(text)}\n\n"
        case Bullets(lines):
            yield "".join(f"- {line(text)}\n" for text in lines) + "\n"
        case Facts(facts):
            yield "".join(f"- **{line(name)}**: {line(what)}\n" for name, what in facts) + "\n"
        case Title(text, anchor):
            yield f'<a id="{anchor}"></a>\n\n' if anchor else ""
            yield f"{'#' * level} {line(text)}\n\n"
        case Verbatim(text):
            yield fenced(safe(text))
        case Table():
            yield from _table(block)
        case ForPaper(table):
            yield fenced(booktabs(table))
        case Chart(caption):
            yield f"{line(caption)}\n\n{fenced(plots.text(block))}"
        case _:
            assert_never(block)


def fenced(text: str) -> str:
    """Between fences longer than any that it has."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(_FENCE, longest + 1)
    return f"{fence}\n{text}\n{fence}\n\n"


def _table(table: Table) -> Iterator[str]:
    if table.caption:
        yield f"{line(table.caption)}\n\n"
    texts = len(table.columns) - table.numbers
    yield f"| {' | '.join(map(line, table.columns))} |\n"
    yield f"|{'---|' * texts}{'--:|' * table.numbers}\n"
    for row in table.rows:
        yield f"| {' | '.join(map(_cell, row))} |\n"
    yield "\n"


def _cell(cell: Cell) -> str:
    return f"[{line(cell.text)}](#{cell.anchor})" if isinstance(cell, Link) else line(cell)
