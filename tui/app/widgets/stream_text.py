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
    """Text of a model while it is written. Given raw text; what reaches the screen is safe."""

    # Rows are wrapped once: a scrollbar that came later would cut their last column off.
    DEFAULT_CSS = "StreamText { scrollbar-gutter: stable; }"

    def __init__(self) -> None:
        super().__init__()
        self._raw = ""
        self._rows: list[str] = [""]
        self._follows = False

    @property
    def text(self) -> str:
        return self._raw

    def show(self, raw: str, *, follow: bool = False) -> None:
        """Show this text; where it only goes on from what is shown, the rest is appended.

        With `follow` the view keeps to the end until the person scrolls up, and again once they scroll back.
        """
        if not raw.startswith(self._raw):
            self._clear()
            self.scroll_home(animate=False)
        if not self._raw:
            self._follows = follow
        self._append(raw[len(self._raw) :])

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        text = self._rows[row] if row < len(self._rows) else ""
        strip = Strip([Segment(text, self.rich_style)])
        return strip.extend_cell_length(self.size.width, self.rich_style).crop(0, self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        raw = self._raw
        self._clear()
        self._append(raw)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follows = (self._follows and new_value >= old_value) or new_value >= self.max_scroll_y > 0

    def _clear(self) -> None:
        self._raw, self._rows = "", [""]
        self._grow()

    def _append(self, delta: str) -> None:
        # A CR may be the first half of CR LF: it waits for what follows.
        delta = delta.removesuffix("\r")
        if not delta:
            return
        self._raw += delta
        for number, line in enumerate(safe(delta).expandtabs(TAB_SIZE).split("\n")):
            tail = "" if number else self._rows.pop()
            self._rows.extend(wrap(tail + line, self._width))
        self._grow()

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width or self.size.width or 80

    def _grow(self) -> None:
        self.virtual_size = Size(self._width, len(self._rows))
        self.refresh()
        if self._follows:
            # force: the scrollbar, without which Textual does not scroll, comes with the next layout only.
            self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)
