"""Plain text that grows: only what is new is wrapped, only the rows in view are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.app.wrapping import wrap
from tui.text import safe

if TYPE_CHECKING:
    from textual import events

TAB_SIZE = 4


class StreamText(ScrollView, can_focus=False):
    """Text of a model while it is written. Given raw text; what reaches the screen is safe.

    The view follows the end until the person scrolls up, and again once they scroll back down.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._raw = ""
        self._rows: list[str] = [""]

    @property
    def text(self) -> str:
        return self._raw

    def show(self, raw: str) -> None:
        """Show this text; text that only goes on from what is shown is appended."""
        if raw.startswith(self._raw):
            self._append(raw[len(self._raw) :])
        else:
            self._clear()
            self._append(raw)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        text = self._rows[row] if row < len(self._rows) else ""
        strip = Strip([Segment(text, self.rich_style)])
        return strip.extend_cell_length(self.size.width, self.rich_style).crop(0, self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        raw = self._raw
        self._clear()
        self._append(raw)

    def _clear(self) -> None:
        self._raw, self._rows = "", [""]
        self.virtual_size = Size(0, 0)
        self.refresh()

    def _append(self, delta: str) -> None:
        # A CR may be the first half of CR LF: it waits for what follows.
        if delta.endswith("\r"):
            delta = delta[:-1]
        if not delta:
            return
        following = self.is_vertical_scroll_end
        self._raw += delta
        width = self.scrollable_content_region.width or self.size.width or 80
        for number, line in enumerate(safe(delta).expandtabs(TAB_SIZE).split("\n")):
            tail = "" if number else self._rows.pop()
            self._rows.extend(wrap(tail + line, width))
        self.virtual_size = Size(width, len(self._rows))
        self.refresh()
        if following:
            self.scroll_end(animate=False, immediate=True, x_axis=False)
