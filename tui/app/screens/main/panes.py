"""The panes side by side, or one at a time where they would be too small to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container

from tui.app.screens.main.bars import PaneTabs
from tui.app.screens.main.pane import Pane, text_size

if TYPE_CHECKING:
    from textual import events

LEAST_COLUMNS, LEAST_ROWS = 24, 6
"""The least text in each pane; with less, one pane at a time can be read better."""


class Panes(Container):
    """Tells the screen by classes how there is room: `-one` pane at a time, `-tiny` if for no text at all."""

    def on_resize(self, event: events.Resize) -> None:
        self.measure()

    def measure(self) -> None:
        """Call when the number of panes in use changes."""
        count = sum(not pane.has_class("-unused") for pane in self.query(Pane))
        if not count:
            return
        columns = min(count, 4 if self.screen.has_class("-wide") else 2)
        rows = -(-count // columns)
        # What there is without the tabs, which take a row of it.
        width, height = self.size.width, self.size.height + self.screen.query_one(PaneTabs).size.height
        text = text_size(width // columns, height // rows)
        self.screen.set_class(text.width < LEAST_COLUMNS or text.height < LEAST_ROWS, "-one")
        self.screen.set_class(not text_size(width, height - 1), "-tiny")
