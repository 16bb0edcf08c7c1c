"""The keys that scroll a text in a dialog: those that scroll an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.binding import Binding

if TYPE_CHECKING:
    from textual.widget import Widget

SCROLLING: Final = (
    Binding("j,down", "scroll('down')", "Scroll"),
    Binding("k,up", "scroll('up')", "Up", show=False),
    Binding("pagedown,ctrl+d", "scroll('page_down')", "Page down", show=False),
    Binding("pageup,ctrl+u", "scroll('page_up')", "Page up", show=False),
    Binding("g,home", "scroll('home')", "Top", show=False),
    Binding("G,end", "scroll('end')", "End", show=False),
)


def scroll(text: Widget, where: str) -> None:
    {
        "down": text.scroll_down,
        "up": text.scroll_up,
        "page_down": text.scroll_page_down,
        "page_up": text.scroll_page_up,
        "home": text.scroll_home,
        "end": text.scroll_end,
    }[where](animate=False)
