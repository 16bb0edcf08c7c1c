"""A document as one HTML file: no script, nothing from elsewhere, and every text escaped."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, assert_never

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
from tui.report.html_text import line, lines
from tui.report.latex import booktabs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block, Cell, Document, Section

_DEEPEST = 6


def html(document: Document) -> Iterator[str]:
    """Its parts, in order."""
    yield _head(document)
    yield f"<header><h1>{line(document.title)}</h1><p>{line(document.subtitle)}</p></header>\n"
    yield from _contents(document)
    yield "<main>\n"
    for section in document.sections:
        yield from _section(section, 2)
    yield "</main>\n</body>\n</html>\n"


def _head(document: Document) -> str:
    style = files("tui.report").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f'<link rel="icon" href="data:,">\n<title>{line(document.title)}</title>\n'
        f"<style>{style}</style>\n</head>\n<body>\n"
    )


def _contents(document: Document) -> Iterator[str]:
    yield '<nav aria-labelledby="contents">\n<h2 id="contents">Contents</h2>\n'
    depth = 0
    for deep, section in listed(document):
        if deep > depth:
            yield "<ul>\n" * (deep - depth)
        else:
            yield "</li>\n" + "</ul>\n</li>\n" * (depth - deep)
        yield f'<li><a href="#{section.anchor}">{line(section.title)}</a>'
        depth = deep
    yield "</li>\n" + "</ul>\n</li>\n" * (depth - 1) + "</ul>\n" if depth else ""
    yield "</nav>\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f'<section id="{section.anchor}">\n<h{level}>{line(section.title)}</h{level}>\n'
    for block in section.blocks:
        yield from _block(block, min(level + 1, _DEEPEST))
    for part in section.parts:
        yield from _section(part, min(level + 1, _DEEPEST))
    yield "</section>\n"


def _block(block: Block, level: int) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield f"<p>{line(text)}</p>\n"
        case Note(text):
            yield f'<p class="note">{line(text)}</p>\n'
        case Bullets(texts):
            yield "<ul>\n" + "".join(f"<li>{line(each)}</li>\n" for each in texts) + "</ul>\n"
        case Facts(facts):
            pairs = (f"<dt>{line(name)}</dt><dd><bdi>{line(what)}</bdi></dd>\n" for name, what in facts)
            yield "<dl>\n" + "".join(pairs) + "</dl>\n"
        case Title(text, anchor):
            id_ = f' id="{anchor}"' if anchor else ""
            yield f"<h{level}{id_}>{line(text)}</h{level}>\n"
        case Verbatim(text):
            yield _verbatim(text)
        case Table():
            yield from _table(block)
        case ForPaper(table):
            yield _verbatim(booktabs(table))
        case Chart():
            yield plots.svg(block)
        case _:
            assert_never(block)


def _verbatim(text: str) -> str:
    """The parser drops one newline after the tag."""
    return f'<pre dir="auto">\n{lines(text)}</pre>\n'


def _table(table: Table) -> Iterator[str]:
    first = len(table.columns) - table.numbers
    classes = [' class="n"' if place >= first else "" for place in range(len(table.columns))]
    heads = zip(table.columns, classes, strict=True)
    region = f' role="region" tabindex="0" aria-label="{line(table.caption)}"' if table.caption else ""
    yield f'<div class="wide"{region}>\n<table>\n'
    yield f"<caption>{line(table.caption)}</caption>\n" if table.caption else ""
    yield "<thead><tr>" + "".join(f'<th scope="col"{mark}>{line(name)}</th>' for name, mark in heads)
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        name, *rest = row
        cells = (f"<td{mark}>{_cell(cell)}</td>" for cell, mark in zip(rest, classes[1:], strict=True))
        yield f'<tr><th scope="row">{_cell(name)}</th>{"".join(cells)}</tr>\n'
    yield "</tbody>\n</table>\n</div>\n"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Link):
        return f'<a href="#{cell.anchor}"><bdi>{line(cell.text)}</bdi></a>'
    return f"<bdi>{line(cell)}</bdi>" if not cell.isascii() else line(cell)
