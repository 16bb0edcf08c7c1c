"""Columns of a table in LaTeX: as wide as what is in them, as far as a line has room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.report.document import Link, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.report.document import Cell

_SIZES: Final = {"\\small": 88, "\\footnotesize": 100}
"""How many characters a line has room for, by the size of the type."""
_FIRST, _TEXT, _MOST_TEXT = 22, 14, 40
"""Characters for the first column, for another text that is broken, and for a text that is not."""
_LONG_WORD: Final = 12
_GAP: Final = 2
_EM: Final = 0.48
"""The width of a character, such as a digit, with some room."""


def parts(table: Table) -> Iterator[Table]:
    """The table; one that is too wide in several, each with the first column."""
    widths = _widths(table)
    first = len(table.columns) - table.numbers
    needed = [width if place >= first else _TEXT for place, width in enumerate(widths)]
    room = _SIZES["\\footnotesize"] - _FIRST
    start = 1
    while start < len(needed) or start == 1:
        end, taken = start + 1, sum(needed[start : start + 1])
        while end < len(needed) and taken + needed[end] + _GAP <= room:
            taken += needed[end] + _GAP
            end += 1
        yield Table(
            table.caption,
            (table.columns[0], *table.columns[start:end]),
            tuple((row[0], *row[start:end]) for row in table.rows),
            max(0, end - max(start, first)) if table.numbers else 0,
        )
        start = end


def fitting(table: Table) -> tuple[str, str]:
    """The size of the type, and the columns. Texts are broken where there is no room; figures never."""
    widths = _widths(table)
    texts = widths[: len(widths) - table.numbers]
    figures = widths[len(texts) :]
    for_figures = sum(figures) + _GAP * len(figures)
    for size, room in _SIZES.items():
        if max(texts) <= _MOST_TEXT and sum(texts) + _GAP * len(texts) + for_figures <= room:
            return size, "l" * len(texts) + "".join(map(_figure, figures))
        if sum(min(width, _TEXT) for width in texts[1:]) + _FIRST + for_figures <= room:
            return size, "".join((*_broken(texts, 1 - for_figures / room), *map(_figure, figures)))
    return size, "".join(_broken(widths, 1))


def plain(table: Table) -> str:
    """As for a table that has all the room it wants."""
    return "l" * (len(table.columns) - table.numbers) + "r" * table.numbers


def told(cell: Cell) -> str:
    return cell.text if isinstance(cell, Link) else cell


def _widths(table: Table) -> list[int]:
    first = len(table.columns) - table.numbers
    cells = zip(*(map(told, row) for row in table.rows), strict=True)
    return [
        max(_heading(heading, is_figure=place >= first), *map(_width, column))
        for place, (heading, column) in enumerate(zip(table.columns, cells, strict=True))
    ]


def _heading(of: str, *, is_figure: bool) -> int:
    """That of figures is broken between words, and within long ones; it is bold."""
    if not is_figure:
        return _width(of)
    return 1 + max((min(_width(word), _LONG_WORD) for word in of.replace("-", " ").split()), default=0)


def _broken(widths: Sequence[int], room: float) -> Iterator[str]:
    """Columns of a share of the line each."""
    bounded = [min(max(width, _TEXT), _MOST_TEXT) for width in widths]
    room -= 0.02 + 0.02 * (len(bounded) - 1)
    for width in bounded:
        share = room * width / sum(bounded)
        yield f">{{\\raggedright\\arraybackslash}}p{{{share:.3f}\\linewidth}}"


def _figure(width: int) -> str:
    return f">{{\\raggedleft\\arraybackslash}}p{{{width * _EM:.1f}em}}"


def _width(text: str) -> int:
    """Letters of other scripts are up to twice as wide."""
    return sum(1 + (not letter.isascii()) for letter in text)
