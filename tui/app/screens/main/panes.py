"""The panes side by side, or one at a time where they would be too small to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container

from tui.app.screens.main.bars import PaneTabs
from tui.app.screens.main.pane import FRAME, Pane, text_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

LEAST_COLUMNS, LEAST_ROWS = 24, 6
"""The least text in each pane; with less, one pane at a time can be read better."""


STACKED = ("-pairs", "-narrow", "-tall")
"""The classes of the screen where the answers of a pair stand above each other."""


class Panes(Container):
    """Tells the screen by classes how there is room: `-one` pane at a time, `-tiny` if for no text at all."""

    def __init__(self, on_room: Callable[[], None]) -> None:
        """`on_room` is called when there is another room for them."""
        super().__init__(id="panes")
        self._on_room = on_room

    def on_resize(self, event: events.Resize) -> None:
        self._on_room()

    def measure(self) -> None:
        """Call when the number of panes in use changes."""
        columns, rows = self._grid
        if not columns:
            return
        # What there is without the tabs, which take a row of it.
        width, height = self.size.width, self.size.height + self.screen.query_one(PaneTabs).size.height
        text = text_size(width // columns, height // rows)
        self.screen.set_class(text.width < LEAST_COLUMNS or text.height < LEAST_ROWS, "-one")
        self.screen.set_class(not text_size(width, height - 1), "-tiny")

    def spare(self, room: int) -> int:
        """Of so many rows, those that something else can have: at most half, and none that answers need.
        Where all of them would leave next to nothing, what one pane with its tabs leaves."""
        _, rows = self._grid
        has_remarks = any(pane.slot and pane.slot.remarks for pane in self.query(Pane))
        least = FRAME.height + LEAST_ROWS + has_remarks
        spare = room - rows * least
        return max(min(spare if spare > LEAST_ROWS else room - least - 1, room // 2), 0)

    @property
    def _grid(self) -> tuple[int, int]:
        """Columns and rows of panes, where all are shown."""
        if all(self.screen.has_class(name) for name in STACKED):
            return 1, 2
        count = sum(not pane.has_class("-unused") for pane in self.query(Pane))
        columns = min(count, 4 if self.screen.has_class("-wide") else 2)
        return columns, -(-count // max(columns, 1))
