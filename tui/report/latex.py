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
    from collections.abc import Iterator, Sequence

    from tui.report.document import Block, Cell, Document, Section

_HEADINGS: Final = ("section", "subsection", "subsubsection", "paragraph")
_MOST_COLUMNS: Final = 5
_MOST_ROWS: Final = 25
"""Of a table that is kept on one page."""
_BETWEEN: Final = 0.027
"""Of a line, between two columns."""
_ROOM: Final = 76
"""Characters of small type in a line."""
_LEAST, _MOST = 9, 40
"""Of a column whose texts are broken."""


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
        yield _table(part)


def booktabs(table: Table) -> str:
    """One table to be copied into a paper: `\\usepackage{booktabs}`."""
    return f"% {line(table.caption)}\n{_tabular(table, _plain_columns(table))}"


def _table(table: Table) -> str:
    caption = f"\\emph{{{line(table.caption)}}}\\nopagebreak\\par\n" if table.caption else ""
    if len(table.rows) <= _MOST_ROWS:
        return (
            f"{{\\small\\noindent {caption}\\noindent {_tabular(table, _columns(table))}}}\\par\\smallskip\n"
        )
    return f"{{\\small {caption}{_long(table)}}}\n"


def _tabular(table: Table, columns: Iterator[str]) -> str:
    begin = f"\\begin{{tabular}}{{@{{}}{''.join(columns)}@{{}}}}"
    return f"{begin}\n\\toprule\n{_heads(table)}\n\\midrule\n{_rows(table)}\n\\bottomrule\n\\end{{tabular}}\n"


def _long(table: Table) -> str:
    """One that goes on over pages."""
    begin = f"\\begin{{longtable}}[l]{{@{{}}{''.join(_columns(table))}@{{}}}}"
    head = f"\\toprule\n{_heads(table)}\n\\midrule\n\\endhead"
    return f"{begin}\n{head}\n{_rows(table)}\n\\bottomrule\n\\end{{longtable}}\n"


def _heads(table: Table) -> str:
    return " & ".join(map(_head, table.columns)) + " \\\\"


def _rows(table: Table) -> str:
    return "\n".join(" & ".join(map(_cell, row)) + " \\\\" for row in table.rows)


def _plain_columns(table: Table) -> Iterator[str]:
    texts = len(table.columns) - table.numbers
    yield from "l" * texts + "r" * table.numbers


def _columns(table: Table) -> Iterator[str]:
    """Columns as wide as what is in them. Where there is no room, texts are broken, and figures last."""
    texts = len(table.columns) - table.numbers
    cells = zip(table.columns, *(map(_told, row) for row in table.rows), strict=True)
    widths = [max(map(_width, column)) for column in cells]
    figures = sum(widths[texts:]) + 2 * table.numbers
    if sum(widths[:texts]) + 2 * texts + figures <= _ROOM:
        yield from _plain_columns(table)
    elif figures <= _ROOM * 2 // 3:
        yield from _broken(widths[:texts], 1 - figures / _ROOM)
        yield "r" * table.numbers
    else:
        yield from _broken(widths, 1)


def _broken(widths: Sequence[int], room: float) -> Iterator[str]:
    """Columns of a share of the line each."""
    bounded = [min(max(width, _LEAST), _MOST) for width in widths]
    room -= 0.02 + _BETWEEN * (len(bounded) - 1)
    for width in bounded:
        share = room * width / sum(bounded)
        yield f">{{\\raggedright\\arraybackslash}}p{{{share:.3f}\\linewidth}}"


def _width(text: str) -> int:
    """Letters of other scripts are up to twice as wide."""
    return sum(1 + (not letter.isascii()) for letter in text)


def _told(cell: Cell) -> str:
    return cell.text if isinstance(cell, Link) else cell


def _head(name: str) -> str:
    return f"\\textbf{{{line(name)}}}"


def _cell(cell: Cell) -> str:
    return line(_told(cell))
