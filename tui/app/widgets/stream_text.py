"""Plain text that grows: only what is new is wrapped, only the rows in view are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.app.wrapping import wrap
from tui.text import safe

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

TAB_SIZE = 4


class StreamText(ScrollView, can_focus=False):
    """Text of a model while it is written. Given raw text; what reaches the screen is safe."""

    # Rows are wrapped once: a scrollbar that came later would cut their last column off.
    DEFAULT_CSS = "StreamText { scrollbar-gutter: stable; overflow-x: hidden; }"

    def __init__(self) -> None:
        super().__init__()
        self._raw = ""
        self._rows: list[str] = [""]
        self._column = 0
        self._strips: dict[int, Strip] = {}
        self._drawn_as: tuple[Style, int] | None = None
        self._follows = False
        self._last_width = 80  # a hidden widget has none

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

    def render_lines(self, crop: Region) -> list[Strip]:
        drawn_as = self.rich_style, self.size.width  # the style is too dear to be asked for by each line
        if drawn_as != self._drawn_as:
            self._drawn_as = drawn_as
            self._strips.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._strip(self._rows[row] if row < len(self._rows) else "")
        return strip

    def _strip(self, text: str) -> Strip:
        style, width = self._drawn_as or (self.rich_style, self.size.width)
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def on_resize(self, event: events.Resize) -> None:
        raw, follows = self._raw, self._follows
        self._clear()
        self._append(raw)
        self._follows = follows
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follows = (self._follows and new_value >= old_value) or new_value >= self.max_scroll_y > 0

    def _clear(self) -> None:
        self._raw, self._rows, self._column = "", [""], 0
        self._strips.clear()
        self._grow(0)

    def _append(self, delta: str) -> None:
        # A CR may be the first half of CR LF: it waits for what follows.
        delta = delta.removesuffix("\r")
        if not delta:
            return
        self._raw += delta
        last = len(self._rows) - 1
        for number, line in enumerate(safe(delta).split("\n")):
            if number:
                self._column = 0
            tail = "" if number else self._rows.pop()
            self._rows.extend(wrap(tail + self._with_spaces(line), self._width))
        self._grow(last)

    def _with_spaces(self, delta: str) -> str:
        """Its tabs as the spaces that they are where it goes on from in its line."""
        before = " " * self._column
        spaced = (before + delta).expandtabs(TAB_SIZE).removeprefix(before)
        self._column += len(spaced)
        return spaced

    @property
    def _width(self) -> int:
        self._last_width = self.scrollable_content_region.width or self.size.width or self._last_width
        return self._last_width

    def _grow(self, first: int) -> None:
        """The rows from `first` on are new."""
        for row in [row for row in self._strips if row >= first]:
            del self._strips[row]
        size, height = Size(self._width, len(self._rows)), self.scrollable_content_region.height
        if height and self.show_vertical_scrollbar == (size.height > height):
            # Nothing beside the text moves: no layout, which costs more than drawing does.
            self.set_reactive(StreamText.virtual_size, size)
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = size.height
        else:
            self.virtual_size = size
        top = max(first - self.scroll_offset.y, 0)
        if top < height:
            self.refresh(Region(0, top, self.size.width, height - top))
        self._follow()

    def _follow(self) -> None:
        if self._follows:
            # force: the scrollbar, without which Textual does not scroll, comes with the next layout only.
            self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)
