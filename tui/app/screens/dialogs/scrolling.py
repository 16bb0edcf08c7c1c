"""The keys that scroll a text in a dialog: those that scroll an answer."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

SCROLLING: Final = (
    Binding("j,down", "scroll('down')", "Scroll"),
    Binding("k,up", "scroll('up')", "Up", show=False),
    Binding("pagedown", "scroll('page_down')", "Page down", show=False),
    Binding("pageup", "scroll('page_up')", "Page up", show=False),
    Binding("ctrl+d", "scroll('half_down')", "Half a page down", show=False),
    Binding("ctrl+u", "scroll('half_up')", "Half a page up", show=False),
    Binding("g,home", "scroll('home')", "Top", show=False),
    Binding("G,end", "scroll('end')", "End", show=False),
)
