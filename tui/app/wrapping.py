"""Word wrapping that can go on where it stopped, so that appending to a long line costs only what is new."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

_WORD = re.compile(r"[^\S\n]+|[^\s]+")


def wrap(line: str, width: int) -> list[str]:
    """`line` (no newlines) as rows of at most `width` cells, at least one; joined they give the line back.

    A single space at the end of a row may hang over its edge, so that the next row begins with a word. Rows
    before the last do not change when text is added to the line: only the last has to be wrapped again.
    """
    rows, row, used = [], "", 0
    for word in _WORD.findall(line):
        cells = cell_len(word)
        if used + cells <= width or (word == " " and row):
            row, used = row + word, used + cells
            continue
        if row and not word.isspace():
            rows.append(row)
            row = ""
        *full, row = chop_cells(row + word, max(width, 2)) or [""]
        rows.extend(full)
        used = cell_len(row)
    rows.append(row)
    return rows
