"""A document as LaTeX, for pdflatex; lualatex and xelatex show all scripts that their fonts have."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final, assert_never

from tui.report import latex_columns, plots
from tui.report.document import (
    Bullets,
    Chart,
    Facts,
    ForPaper,
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
_MOST_ROWS: Final = 25
"""Of a table that is kept on one page."""


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
    if table.rows:
        yield from map(_table, latex_columns.parts(table))


def booktabs(table: Table) -> str:
    """One table to be copied into a paper: `\\usepackage{booktabs}`."""
    return f"% {line(table.caption)}\n{_tabular(table, latex_columns.plain(table))}"


def _table(table: Table) -> str:
    caption = f"\\emph{{{line(table.caption)}}}\\nopagebreak\\par\n" if table.caption else ""
    size, columns = latex_columns.fitting(table)
    if len(table.rows) <= _MOST_ROWS:
        body = f"\\noindent {_tabular(table, columns)}"
        return f"{{{size}\\noindent {caption}{body}}}\\par\\smallskip\n"
    return f"{{{size} {caption}{_long(table, columns)}}}\n"


def _tabular(table: Table, columns: str) -> str:
    begin = f"\\begin{{tabular}}{{@{{}}{columns}@{{}}}}"
    return f"{begin}\n\\toprule\n{_heads(table)}\n\\midrule\n{_rows(table)}\n\\bottomrule\n\\end{{tabular}}\n"


def _long(table: Table, columns: str) -> str:
    """One that goes on over pages."""
    begin = f"\\begin{{longtable}}[l]{{@{{}}{columns}@{{}}}}"
    head = f"\\toprule\n{_heads(table)}\n\\midrule\n\\endhead"
    return f"{begin}\n{head}\n{_rows(table)}\n\\bottomrule\n\\end{{longtable}}\n"


def _heads(table: Table) -> str:
    return " & ".join(map(_head, table.columns)) + " \\\\"


def _rows(table: Table) -> str:
    return "\n".join(" & ".join(map(_cell, row)) + " \\\\" for row in table.rows)


def _head(name: str) -> str:
    return f"\\textbf{{{line(name)}}}"


def _cell(cell: Cell) -> str:
    return line(latex_columns.told(cell))
