"""A document, without a format: sections of paragraphs, tables, charts and other people's text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Link(NamedTuple):
    """A text that leads to another place of the document."""

    text: str
    anchor: str


Cell = str | Link


class Paragraph(NamedTuple):
    text: str


class Note(NamedTuple):
    """A paragraph of what to keep in mind."""

    text: str


class Bullets(NamedTuple):
    lines: tuple[str, ...]


class Facts(NamedTuple):
    """Names with what each of them is."""

    facts: tuple[tuple[str, str], ...]


class Title(NamedTuple):
    """A heading within a section, which the table of contents leaves out."""

    text: str
    anchor: str = ""


class Verbatim(NamedTuple):
    """Text of somebody else, such as an answer, in its lines."""

    text: str


class Table(NamedTuple):
    """The first column names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: int = 0
    """How many columns at the end hold figures."""


class ForPaper(NamedTuple):
    """A table to be copied into a paper, as LaTeX with booktabs."""

    table: Table


class Bar(NamedTuple):
    """An estimate with its interval."""

    label: str
    low: float
    estimate: float
    high: float
    told: str
    """The figure in words."""


class Chart(NamedTuple):
    caption: str
    bars: tuple[Bar, ...]
    ticks: tuple[float, ...]
    """The first and the last are the ends of its scale."""


Block = Paragraph | Note | Bullets | Facts | Title | Verbatim | Table | ForPaper | Chart


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    blocks: Iterable[Block] = ()
    """May be made while they are read, once."""
    parts: tuple[Section, ...] = field(default=())


@dataclass(frozen=True)
class Document:
    title: str
    subtitle: str
    sections: tuple[Section, ...]


MOST_LISTED = 60
"""Parts of parts in a table of contents; if there are more of them, none is listed."""


def listed(document: Document) -> Iterator[tuple[int, Section]]:
    """The sections of its table of contents, each with its depth from 1."""
    deep = sum(len(part.parts) for section in document.sections for part in section.parts)
    for section in document.sections:
        yield 1, section
        for part in section.parts:
            yield 2, part
            if deep <= MOST_LISTED:
                yield from ((3, each) for each in part.parts)
