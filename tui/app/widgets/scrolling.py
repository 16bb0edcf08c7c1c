"""Scrolling a text by a key, wherever a key does that."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget


def scroll(text: Widget, where: str) -> None:
    """At once: what a key shows must be there for the next one."""
    half = max(text.size.height // 2, 1)
    ways: dict[str, Callable[..., None]] = {
        "down": text.scroll_down,
        "up": text.scroll_up,
        "page_down": text.scroll_page_down,
        "page_up": text.scroll_page_up,
        "half_down": partial(text.scroll_relative, y=half),
        "half_up": partial(text.scroll_relative, y=-half),
        "home": text.scroll_home,
        "end": text.scroll_end,
    }
    ways[where](animate=False)
