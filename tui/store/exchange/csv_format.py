"""CSV by RFC 4180, and the variant that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, NamedTuple, TextIO

from tui.text import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.store.connection import Row
    from tui.store.exchange.masking import BlindSession

EXCEL_CELL_LIMIT = 32_767
"""Characters, counted as UTF-16 code units; Excel drops the rest of a longer cell."""

# NUL ends a cell early in many readers, and the others can steer the terminal that a CSV is printed on.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# A spreadsheet runs a cell that begins so as a formula, and skips what cannot be seen before it: blanks,
# zero-width and direction characters. Full-width and small forms count where the system's language has them.
_INVISIBLE = (
    " \x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # what \s is, less \t\n\r
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
)
_FORMULA = f"['\"{_INVISIBLE}]*+[=+\\-@\t\r＝＋－＠﹦﹢﹣﹫]"

# Where a file is opened with another separator than the comma, quotes in the middle of a cell are text: what
# comes after each separator, and in each line, is a cell. A comma cannot be one, since all cells are quoted.
_CELLS = re.compile(f"(?:^|(?<=[;\t\r\n]))(?={_FORMULA})")


class Written(NamedTuple):
    rows: int = 0
    long_cells: int = 0
    """Cells over EXCEL_CELL_LIMIT, written whole all the same."""
    blind: tuple[BlindSession, ...] = ()
    """The sessions that are not revealed and judge any of it, newest first."""

    def plus(self, other: Written) -> Written:
        return self._replace(rows=self.rows + other.rows, long_cells=self.long_cells + other.long_cells)


def write_csv(rows: Iterable[Row], columns: Sequence[str], stream: TextIO, *, excel: bool = False) -> Written:
    """Write a header and the rows. Open `stream` with newline="", as for the csv module.

    None is an empty cell, true and false are 1 and 0. Control characters other than tab and line ends
    become U+FFFD. With `excel`, a byte order mark comes first, every cell is quoted, and what a spreadsheet
    would run as a formula gets a leading apostrophe, whichever separator its language has: comma,
    semicolon or tab. (A bar would put one into every row of a Markdown table.)
    """
    if excel:
        stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_ALL if excel else csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    count = long_cells = 0
    for row in rows:
        cells = [_cell(row[column], excel) for column in columns]
        writer.writerow(cells)
        count += 1
        long_cells += sum(map(_too_long, cells))
    return Written(count, long_cells)


def _cell(value: object, excel: bool) -> object:
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    text = _CONTROLS.sub(REPLACEMENT, value)
    return _CELLS.sub("'", text) if excel else text


def _too_long(cell: object) -> bool:
    if not isinstance(cell, str) or len(cell) <= EXCEL_CELL_LIMIT // 2:
        return False
    return len(cell.encode("utf-16-le")) // 2 > EXCEL_CELL_LIMIT
