"""Lines of a terminal: sentences that wrap, columns that line up, intervals drawn as bars."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size

from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

GAP: Final = 2
"""Cells between columns."""
_PARTS: Final = (re.compile("(?=[@~])"), re.compile("(?<=[-_./ ])(?![-_./ ])"))
"""Where a name may be broken, the best places first."""


class Line(NamedTuple):
    text: str
    is_heading: bool = False


class Signs(NamedTuple):
    """What an interval is drawn with."""

    low: str
    line: str
    estimate: str
    high: str


DRAWN: Final = Signs("├", "─", "●", "┤")
TYPED: Final = Signs("[", "-", "o", "]")
"""For a pipe, and for a terminal that cannot draw lines."""


class Page(NamedTuple):
    """Where lines go."""

    width: int
    wraps: bool = True
    """False of a pipe, where a sentence is one line."""
    signs: Signs = TYPED

    def narrower(self, cells: int) -> Page:
        return self._replace(width=max(self.width - cells, 1))


class Column(NamedTuple):
    """A column of a table. A cell that is wider than `most` goes on in the next line."""

    heading: str
    cells: Sequence[str]
    most: int = 0
    """0 is as wide as its cells are."""
    right: bool = False
    least: int = 0
    is_drawn: bool = False
    """True of bars, in which a space is a place."""

    @property
    def width(self) -> int:
        widest = max(map(cell_len, (self.heading, *self.cells)))
        return max(min(widest, self.most) if self.most else widest, self.least)


def sentence(text: str, page: Page, *, indent: int = 0, heading: bool = False) -> Iterator[Line]:
    """One line in a pipe; else as many as the width asks for, the further ones indented two cells more."""
    begin, row = " " * indent, ""
    for word in safe_line(text).split(" "):
        longer = f"{row} {word}" if row else begin + word
        if row and page.wraps and cell_len(longer) > page.width:
            yield Line(row, heading)
            longer = f"{begin}  {word}"
        row = longer
    yield Line(row, heading)


def table(columns: Sequence[Column], *, indent: int = 0) -> Iterator[Line]:
    """Its heading, unless all are empty, and its rows."""
    clean = [
        each if each.is_drawn else each._replace(cells=[*map(safe_line, each.cells)]) for each in columns
    ]
    if any(each.heading for each in clean):
        yield from _row([each.heading for each in clean], clean, indent, heading=True)
    for cells in zip(*(each.cells for each in clean), strict=True):
        yield from _row(cells, clean, indent)


def width_of(columns: Iterable[Column]) -> int:
    """Cells of a row."""
    return sum(each.width + GAP for each in columns) - GAP


def bar(low: float, estimate: float, high: float, width: int, signs: Signs, *, least: float = 0.0) -> str:
    """An interval between `least` and 1, in so many cells."""
    first, at, last = (round((value - least) / (1 - least) * (width - 1)) for value in (low, estimate, high))
    cells = [" "] * width
    cells[first : last + 1] = signs.line * (last + 1 - first)
    cells[first], cells[last] = signs.low, signs.high
    cells[at] = signs.estimate
    return "".join(cells)


def scale(width: int, *, least: float = 0.0) -> str:
    """The heading of a column of bars: its ends and its middle."""
    ends = f"{least:g}".ljust(width - 1) + "1"
    middle = f"{(least + 1) / 2:g}"
    start = round((width - 1) / 2) - len(middle) // 2
    return ends[:start] + middle + ends[start + len(middle) :] if width >= 9 else ends


def _row(
    cells: Sequence[str], columns: Sequence[Column], indent: int, heading: bool = False
) -> Iterator[Line]:
    parts = [_folded(cell, each) for cell, each in zip(cells, columns, strict=True)]
    for part in zip_longest(*parts, fillvalue=""):
        fitted = (_fitted(cell, each) for cell, each in zip(part, columns, strict=True))
        yield Line((" " * indent + (" " * GAP).join(fitted)).rstrip(), heading)


def _folded(cell: str, column: Column) -> list[str]:
    """The cell in pieces that fit, which end where a part of a name does."""
    if column.is_drawn or cell_len(cell) <= column.width:
        return [cell]
    pieces, left = [], cell
    while cell_len(left) > column.width:
        end = _end(left, len(chop_cells(left, column.width)[0]))
        pieces.append(left[:end])
        left = left[end:]
    return [*pieces, left]


def _end(name: str, most: int) -> int:
    """Where its first piece ends, of so many characters at most."""
    for parts in _PARTS:
        ends = [each.start() for each in parts.finditer(name, most // 2, most + 1) if each.start() <= most]
        if ends and ends[-1]:
            return ends[-1]
    return most


def _fitted(cell: str, column: Column) -> str:
    if not column.right:
        return set_cell_size(cell, column.width)
    return " " * max(column.width - cell_len(cell), 0) + cell
