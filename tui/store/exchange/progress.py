"""Progress of an import, told now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.store.exchange.source import Source

_ROWS = 500
"""Rows from one word to the next."""


class Progress:
    """`tell` gets the number of rows so far, and the share of the file that was read."""

    def __init__(self, tell: Callable[[int, float], None] | None = None) -> None:
        self._tell = tell
        self.rows = 0
        """How many were read."""

    def row(self, source: Source) -> None:
        """One more row was read."""
        self.rows += 1
        if self._tell and self.rows % _ROWS == 0:
            self._tell(self.rows, source.done / max(source.size, 1))
