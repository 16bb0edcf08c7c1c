"""A text field into which nothing can be pasted that steers the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import TextArea

from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events


class SafeTextArea(TextArea):
    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(safe(text), id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")

    def after_typing(self, callback: Callable[[], None]) -> None:
        """Call once the keys pressed so far are in the text: a priority binding overtakes them."""
        self.call_later(callback)

    async def _on_paste(self, event: events.Paste) -> None:
        # No super(): Textual itself calls the handler of each class, so the text would be pasted twice.
        event.text = safe(event.text)
