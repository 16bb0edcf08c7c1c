"""Intervals and shares drawn in cells of a terminal, told by shape and not by colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.analysis.models import Figure

OUTSIDE, INSIDE, LOW, HIGH, ESTIMATE = "·", "─", "├", "┤", "●"
FULL: Final = "█"
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
LEAST_ITEMS: Final = 2
"""One item says nothing of others: it has no interval."""


def interval_bar(low: float, estimate: float, high: float, cells: int) -> str:
    """An interval on a line from 0 to 1: `··├──●─┤···`."""
    first, middle, last = (_place(value, cells) for value in (low, estimate, high))
    line = [INSIDE if first <= place <= last else OUTSIDE for place in range(cells)]
    line[first], line[last] = LOW, HIGH
    line[middle] = ESTIMATE
    return "".join(line)


def figure_bar(figure: Figure, cells: int) -> str:
    """Its interval; of one item only where it is."""
    if figure.items >= LEAST_ITEMS:
        return interval_bar(figure.low, figure.estimate, figure.high, cells)
    place = _place(figure.estimate, cells)
    return OUTSIDE * place + ESTIMATE + OUTSIDE * (cells - place - 1)


def axis(cells: int) -> str:
    """The line below such bars: 0, a half, 1."""
    line = [" "] * cells
    for text, value in (("0", 0.0), ("0.5", 0.5), ("1", 1.0)):
        start = min(max(_place(value, cells) - len(text) // 2, 0), cells - len(text))
        line[start : start + len(text)] = text
    return "".join(line)


def share_bar(share: float, cells: int) -> str:
    """A share from 0 to 1 as a bar: something that is not nothing has a mark."""
    eighths = max(round(share * cells * 8), 1 if share > 0 else 0)
    whole, rest = divmod(eighths, 8)
    return (FULL * whole + _EIGHTHS[rest]).rstrip()


def _place(value: float, cells: int) -> int:
    return min(max(round(value * (cells - 1)), 0), cells - 1)
