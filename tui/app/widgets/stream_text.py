"""Text as it was written, the same while it comes and after: only the rows in view are drawn."""

from __future__ import annotations

from itertools import groupby
from time import perf_counter
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tui.app.widgets.drawn_text import DrawnText
from tui.app.written.inline import painted
from tui.app.written.markup import STYLED_CHARACTERS, LineStyles, MarkupStyles
from tui.app.written.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.style import Style
    from textual import events

    from tui.app.written.inline import Kinds

PIECE = 8_192
"""Characters that are wrapped before the time is looked at."""
SLICE_SECONDS = 0.008
"""The length of a slice of wrapping and colouring: between two slices keys are answered."""


class StreamText(DrawnText, can_focus=False):
    """Given raw text; what reaches the screen is safe, and every character is where it was written."""

    # Rows are wrapped once: a scrollbar that came later would cut their last column off.
    DEFAULT_CSS = "StreamText { scrollbar-gutter: stable; overflow-x: hidden; }"

    class Grown(Message):
        """Its rows are others, without a `show`."""

    def __init__(
        self, *, styles: Callable[[], LineStyles] = MarkupStyles, classes: str | None = None
    ) -> None:
        super().__init__(classes=classes)
        self._raw = ""
        self._make_styles = styles
        self._styles = styles()
        self._rows = Rows(80)
        self._taken = 0
        self._follows = False
        self._was_scrolled = False
        self._ends = False
        self._working = False
        self._strips: dict[int, Strip] = {}
        self._painted: tuple[int, list[Kinds]] | None = None
        self._drawn_as: tuple[Style, int] | None = None
        self._last_width = 80  # a hidden widget has none

    @property
    def text(self) -> str:
        return self._raw

    @property
    def row_count(self) -> int:
        return len(self._rows) if self._raw else 0

    @property
    def is_whole(self) -> bool:
        return not self._next_piece()

    @property
    def keeps_to_end(self) -> bool:
        """True if the view followed the text to its end, and nobody scrolled it."""
        return self._follows and not self._was_scrolled

    def show(self, raw: str, *, follow: bool = False) -> None:
        """Show this text; where it only goes on from what is shown, the rest is appended.

        With `follow` the view keeps to the end until the person scrolls up, and again once they scroll back,
        and a CR at the end waits for the LF that may come.
        """
        # A CR that was the end, and so shown, may prove to be half of a CR LF.
        if not raw.startswith(self._raw) or self._raw[-1:] == "\r" != raw[-1:]:
            self._forget()
            self.scroll_home(animate=False)
        if not self._raw:
            self._follows, self._was_scrolled = follow, False
        self._raw = raw
        self._ends = not follow
        self._go_on()

    def restyle(self, styles: Callable[[], LineStyles]) -> None:
        """Draw the same text, at the same place, with other styles."""
        self._make_styles, self._styles = styles, styles()
        self._strips.clear()
        self._wrap_anew()
        self._go_on()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        drawn_as = self.base_style(), self.size.width
        if drawn_as != self._drawn_as:
            self._drawn_as = drawn_as
            self._strips.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        strip = self._strips.get(row)
        if strip is None:
            strip = self._strips[row] = self._strip(row)
        return strip

    def on_resize(self, event: events.Resize) -> None:
        self.post_message(self.Grown())
        if self._width == self._rows.width:
            self._grow(len(self._rows))
            return
        follows, was_scrolled = self._follows, self._was_scrolled
        top = self._rows.line_of(self.scroll_offset.y)
        self._wrap_anew()
        self._go_on()
        if not follows:
            self.scroll_to(y=self._rows.first_row(top), animate=False, immediate=True, force=True)
        self._follows, self._was_scrolled = follows, was_scrolled
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._was_scrolled = self._was_scrolled or new_value < old_value
        self._follows = (self._follows and new_value >= old_value) or new_value >= self.max_scroll_y > 0

    def _forget(self) -> None:
        self._raw, self._styles = "", self._make_styles()
        self._wrap_anew()
        self._grow(0)

    def _wrap_anew(self) -> None:
        self._rows, self._taken = Rows(self._width), 0
        self._strips.clear()
        self._painted = None

    def _go_on(self) -> None:
        """Wrap and colour what is not yet, for a moment; for what is left then, again in a moment."""
        until = perf_counter() + SLICE_SECONDS
        last, coloured = self._rows.line_count - 1, self._styles.count
        changed, before = len(self._rows) - 1, self._kinds_of(last)
        while (piece := self._next_piece()) and perf_counter() < until:
            self._rows.append(piece)
            self._taken += len(piece)
        while (number := self._styles.count) < self._rows.line_count - 1 and perf_counter() < until:
            self._styles.add(self._line(number))
        self._painted = None
        if coloured < last:
            changed = min(changed, self._rows.first_row(coloured + 1))
        elif self._kinds_of(last)[: len(before)] != before:  # what was begun proved to be emphasis, say
            changed = self._rows.first_row(last)
        self._grow(changed)
        if not self._working and (self._next_piece() or self._styles.count < self._rows.line_count - 1):
            self._working = True
            self.set_timer(SLICE_SECONDS, self._go_on_later)

    def _go_on_later(self) -> None:
        self._working = False
        self._go_on()
        self.post_message(self.Grown())

    def _next_piece(self) -> str:
        # A CR may be the first half of CR LF: it waits for what follows.
        piece = self._raw[self._taken : self._taken + PIECE]
        at_the_end = self._taken + len(piece) == len(self._raw)
        return piece if at_the_end and self._ends else piece.removesuffix("\r")

    def _line(self, number: int) -> str:
        return self._rows.line(number, STYLED_CHARACTERS)

    @property
    def _width(self) -> int:
        self._last_width = self.scrollable_content_region.width or self.size.width or self._last_width
        return self._last_width

    def _grow(self, first: int) -> None:
        """The rows from `first` on are new."""
        self._painted = None
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

    def _strip(self, row: int) -> Strip:
        base, width = self._drawn_as or (self.rich_style, self.size.width)
        if row >= len(self._rows):
            return Strip.blank(width, base)
        text = self._rows.rows[row]
        cells = cell_len(text)
        if cells > width:  # a space hangs over the edge, which has nothing to show there
            text, cells = text[:-1], cell_len(text[:-1])
        segments = [Segment(part, self.style_of(kinds)) for part, kinds in self._parts(row, text)]
        return Strip([*segments, Segment(" " * max(width - cells, 0), base)], max(width, cells))

    def _parts(self, row: int, text: str) -> Iterator[tuple[str, Kinds]]:
        """Stretches of the same kinds, from left to right."""
        line = self._rows.line_of(row)
        place = self._rows.place(row, STYLED_CHARACTERS)
        painted = self._paint(line)
        if place is None or not painted:
            yield text, ()
            return
        kinds = painted[place : place + len(text)]
        kinds += [()] * (len(text) - len(kinds))
        start = 0
        for kind, group in groupby(kinds):
            end = start + sum(1 for _ in group)
            yield text[start:end], kind
            start = end

    def _kinds_of(self, number: int) -> list[Kinds]:
        """The kinds of each character of a line."""
        return self._paint(number) or [()] * len(self._line(number))

    def _paint(self, number: int) -> list[Kinds]:
        """The kinds of each character of a line; none at all if it has no style."""
        if self._painted is None or self._painted[0] != number:
            line = self._line(number)
            self._painted = number, painted(line, self._styles.spans(number, line))
        return self._painted[1]
