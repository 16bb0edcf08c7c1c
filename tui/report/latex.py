"""A document as LaTeX, for pdflatex; lualatex and xelatex show all scripts that their fonts have."""

from __future__ import annotations

from importlib.resources import files
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
)
from tui.report.latex_text import line, lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.report.document import Block, Cell, Document, Section

_HEADINGS: Final = ("section", "subsection", "subsubsection", "paragraph")
_MOST_COLUMNS: Final = 8
_ROOM: Final = 84
"""Characters of small type in a line."""


def latex(document: Document) -> Iterator[str]:
    """Its parts, in order."""
    yield files("tui.report").joinpath("report.tex").read_text(encoding="utf-8")
    yield f"\\title{{{line(document.title)}}}\n\\date{{{line(document.subtitle)}}}\n"
    yield "\\begin{document}\n\\maketitle\n\\tableofcontents\n"
    for section in document.sections:
        yield from _section(section, 0)
    yield "\\end{document}\n"


def _section(section: Section, depth: int) -> Iterator[str]:
    heading = _HEADINGS[min(depth, len(_HEADINGS) - 1)]
    yield f"\n\\{heading}{{{line(section.title)}}}\n"
    for block in section.blocks:
        yield from _block(block)
    for part in section.parts:
        yield from _section(part, depth + 1)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield f"{line(text)}\n\n"
        case Note(text):
            yield f"\\emph{{{line(text)}}}\n\n"
        case Bullets(texts):
            yield _listed("itemize", (f"\\item {line(text)}" for text in texts)) if texts else ""
        case Facts(facts):
            named = (f"\\item[{{{line(name)}}}] {line(what)}" for name, what in facts)
            yield _listed("description", named) if facts else ""
        case Title(text, _):
            yield f"\\runin{{{line(text)}}}\n"
        case Verbatim(text):
            yield f"\\begin{{verbatimtext}}\n{lines(text)}\n\\end{{verbatimtext}}\n"
        case Table() | ForPaper():
            yield from _tables(block.table if isinstance(block, ForPaper) else block)
        case Chart():
            yield plots.picture(block)
        case _:
            assert_never(block)


def _listed(environment: str, items: Iterator[str]) -> str:
    return f"\\begin{{{environment}}}\n" + "\n".join(items) + f"\n\\end{{{environment}}}\n"


def _tables(table: Table) -> Iterator[str]:
    """A wide one in several, each with the first column."""
    if not table.rows:
        return
    rest = len(table.columns) - 1
    for start in range(1, rest + 1, _MOST_COLUMNS):
        some = slice(start, start + _MOST_COLUMNS)
        part = Table(
            table.caption,
            (table.columns[0], *table.columns[some]),
            tuple((row[0], *row[some]) for row in table.rows),
            min(table.numbers, len(table.columns[some])),
        )
        yield _table(part, "longtable")


def booktabs(table: Table) -> str:
    """One table to be copied into a paper: `\\usepackage{booktabs}`."""
    return _table(table, "tabular")


def _table(table: Table, environment: str) -> str:
    head = " & ".join(map(_head, table.columns))
    columns = "".join(_columns(table) if environment == "longtable" else _plain_columns(table))
    caption = f"% {line(table.caption)}\n" if environment == "tabular" else _caption(table)
    repeated = "\\endhead\n" if environment == "longtable" else ""
    rows = "\n".join(" & ".join(map(_cell, row)) + " \\\\" for row in table.rows)
    return (
        ("{\\small\n" if repeated else caption)
        + f"\\begin{{{environment}}}{{@{{}}{columns}@{{}}}}\n"
        + (caption if repeated else "")
        + f"\\toprule\n{head} \\\\\n\\midrule\n{repeated}{rows}\n\\bottomrule\n\\end{{{environment}}}\n"
        + ("}\n" if repeated else "")
    )


def _caption(table: Table) -> str:
    return f"\\caption*{{{line(table.caption)}}}\\\\\n" if table.caption else ""


def _plain_columns(table: Table) -> Iterator[str]:
    texts = len(table.columns) - table.numbers
    yield from "l" * texts + "r" * table.numbers


def _columns(table: Table) -> Iterator[str]:
    """Columns as wide as what is in them; where there is no room, in shares of the line."""
    texts = len(table.columns) - table.numbers
    cells = zip(table.columns, *(map(_told, row) for row in table.rows), strict=True)
    widths = [min(max(map(len, column)), 40) for column in cells]
    if sum(widths) + 2 * len(widths) <= _ROOM:
        yield from _plain_columns(table)
        return
    whole = sum(max(width, 6) for width in widths)
    for place, width in enumerate(widths):
        ragged = "\\raggedright" if place < texts else "\\raggedleft"
        share = 0.86 * max(width, 6) / whole
        yield f">{{{ragged}\\arraybackslash}}p{{{share:.3f}\\linewidth}}"


def _told(cell: Cell) -> str:
    return cell.text if isinstance(cell, Link) else cell


def _head(name: str) -> str:
    return f"\\textbf{{{line(name)}}}"


def _cell(cell: Cell) -> str:
    return line(_told(cell))
