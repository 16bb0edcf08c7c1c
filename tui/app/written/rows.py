"""Text that grows, as rows of a width: appending costs what is new, however long the text or a line is."""

from __future__ import annotations

from bisect import bisect_right

from rich.cells import get_character_cell_size

from tui.app.wrapping import wrap
from tui.text import safe_after

TAB_SIZE = 4
_CONTEXT = 64
"""Characters before a piece that can matter to what it becomes; more than `safe_after` looks at."""


class Rows:
    """Given raw text piece by piece; what it holds is safe, with tabs as the spaces that they are."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows = [""]
        self._first_rows = [0]
        self._before = ""
        self._column = 0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def line_count(self) -> int:
        return len(self._first_rows)

    def append(self, piece: str) -> None:
        """Only the last row changes and new ones come. No piece may end in the CR of a CR LF."""
        for number, line in enumerate(safe_after(self._before, piece).split("\n")):
            if number:
                self._first_rows.append(len(self.rows))
                self._column = 0
            tail = "" if number else self.rows.pop()
            self.rows.extend(wrap(tail + self._spaced(line), self.width))
        self._before = (self._before + piece)[-_CONTEXT:]

    def line_of(self, row: int) -> int:
        return bisect_right(self._first_rows, row) - 1

    def first_row(self, line: int) -> int:
        return self._first_rows[line] if line < len(self._first_rows) else len(self.rows)

    def line(self, number: int, most: int) -> str:
        """The text of a line, or its beginning if that is longer than `most` characters."""
        text, row, end = "", self.first_row(number), self.first_row(number + 1)
        while row < end and len(text) <= most:
            text += self.rows[row]
            row += 1
        return text[:most]

    def place(self, row: int, most: int) -> int | None:
        """The number of characters of its line before this row; None if they are more than `most`."""
        place = 0
        for before in range(self.first_row(self.line_of(row)), row):
            place += len(self.rows[before])
            if place > most:
                return None
        return place

    def _spaced(self, piece: str) -> str:
        """Its tabs as spaces, from the column on where its line was."""
        parts = piece.split("\t")
        for place, part in enumerate(parts):
            # By the character, so that it comes to the same however the text is cut into pieces.
            self._column += len(part) if part.isascii() else sum(map(get_character_cell_size, part))
            if place < len(parts) - 1:
                spaces = TAB_SIZE - self._column % TAB_SIZE
                parts[place] += " " * spaces
                self._column += spaces
        return "".join(parts)
