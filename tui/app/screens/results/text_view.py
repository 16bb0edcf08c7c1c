"""A text of figures, drawn as wide as there is room for, that keys scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import ScrollableContainer
from textual.content import Content
from textual.widgets import Static

from tui.app.widgets.scrolling import scroll

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual import events
    from textual.app import ComposeResult

    Lines = Callable[[int], Iterable[Content]]

LEAST = 52
"""Cells that lines are made for at least: in fewer it scrolls to the side."""


class TextView(ScrollableContainer):
    def __init__(self) -> None:
        super().__init__(id="text")
        self._lines: Lines | None = None
        self._width = 0

    def compose(self) -> ComposeResult:
        yield Static(id="lines", markup=False)

    def show(self, lines: Lines) -> None:
        """`lines` makes them for so many cells."""
        self._lines, self._width = lines, 0
        self._draw()
        self.scroll_home(animate=False)

    def scroll_by_key(self, where: str) -> None:
        match where:
            case "left":
                self.scroll_relative(x=-8, animate=False)
            case "right":
                self.scroll_relative(x=8, animate=False)
            case _:
                scroll(self, where)

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        width = max(self.scrollable_content_region.width, LEAST)
        if self._lines is not None and self.size and width != self._width:
            self._width = width
            self.query_one("#lines", Static).update(Content("\n").join(self._lines(width)))
