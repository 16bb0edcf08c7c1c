"""Lines that fit: cut to a column, or wrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size
from textual.content import Content

if TYPE_CHECKING:
    from collections.abc import Iterator


def column(text: str, width: int) -> str:
    """In exactly so many cells; what is too long ends in an ellipsis."""
    if cell_len(text) > width > 0:
        return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)
    return set_cell_size(text, max(width, 0))


def wrapped(text: str, width: int, *, style: str = "") -> Iterator[Content]:
    """At spaces, and within a word that is longer than a line; further lines are indented."""
    line, indent = "", ""
    for word in text.split(" "):
        if line.strip() and cell_len(f"{line} {word}") > width:
            yield Content.styled(line, style)
            line, indent = "", "  "
        for piece in chop_cells(word, max(width - len(indent), 2)) or [""]:
            if line.strip() and cell_len(f"{line} {piece}") > width:
                yield Content.styled(line, style)
                line, indent = "", "  "
            line = f"{line} {piece}" if line.strip() else f"{indent}{piece}"
    yield Content.styled(line, style)
