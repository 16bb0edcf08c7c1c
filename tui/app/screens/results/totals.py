"""A model's total above its column: its name, its figure, the interval as digits and as a bar, its ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len, chop_cells, set_cell_size

from tui.app.screens.results.cells import OTHERS
from tui.app.screens.results.drawing import LEAST_ITEMS, figure_bar
from tui.report.words import decimal, ends, rank
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.analysis.differences import Rank
    from tui.analysis.judged import Measure
    from tui.analysis.models import Figure

COLUMN: Final = cell_len("[0.00, 0.00]")
"""Cells of a column at least: an interval's."""
WIDEST: Final = 24
MOST_LINES: Final = 3
"""Of a name."""
ONE_ITEM: Final = "one item"
_BREAKS: Final = "-_ .@~/"


def labels(measure: Measure) -> list[str]:
    """What stands beside the lines of a total."""
    return [measure, "95 % interval", "from 0 to 1", "rank"]


def lines_of(figure: Figure, of_ranks: Rank | None, width: int, *, is_hidden: bool = False) -> list[str]:
    """The lines below the name."""
    if is_hidden:
        return [OTHERS, "", "", ""]
    interval = ends(figure.low, figure.high) if figure.items >= LEAST_ITEMS else ONE_ITEM
    return [
        decimal(figure.estimate),
        interval,
        figure_bar(figure, width),
        rank(of_ranks) if of_ranks else "–",
    ]


def headings(models: Sequence[str], width: int) -> list[list[str]]:
    """Each name in lines, as many for all: what is too long loses its middle."""
    found = [_name_lines(safe_line(each), width) for each in models]
    most = max(map(len, found), default=1)
    return [[*[""] * (most - len(each)), *each] for each in found]


def _name_lines(name: str, width: int) -> list[str]:
    lines = _broken(name, width)
    if len(lines) <= MOST_LINES:
        return lines
    # The end tells models apart that begin alike: a quantisation, a hash, where the answers are from.
    end = chop_cells(name[::-1], width)[0][::-1]
    return [*lines[: MOST_LINES - 2], set_cell_size(lines[MOST_LINES - 2], width - 1).rstrip() + "…", end]


def _broken(name: str, width: int) -> list[str]:
    """In lines that end after a hyphen or the like, where one is there."""
    lines, rest = [], name
    while cell_len(rest) > width:
        piece = chop_cells(rest, width)[0]
        end = max(piece.rfind(each) for each in _BREAKS) + 1 or len(piece)
        lines.append(rest[:end])
        rest = rest[end:]
    return [*lines, rest]
