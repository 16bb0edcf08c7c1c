"""The second view of an answer: laid out as Markdown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui.app.widgets.drawn_text import DrawnText
from tui.app.written.inline import KINDS
from tui.app.written.laid_out import lay_out
from tui.explain import note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.segment import Segment
    from rich.style import Style
    from textual import events
    from textual.geometry import Region


class AnswerMarkdown(DrawnText, can_focus=False):
    DEFAULT_CSS = "AnswerMarkdown { scrollbar-gutter: stable; overflow-x: hidden; }"

    class LaidOut(Message):
        """Or this cannot be."""

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._raw: str | None = None
        self._wanted: tuple[str, int, Style] | None = None
        self._is_working = False
        self._strips: list[Strip] = []
        self._failed = False

    @property
    def row_count(self) -> int:
        return len(self._strips)

    def shows(self, raw: str) -> bool:
        """True if this text is laid out."""
        return self._raw == raw and not self._failed

    def failed_on(self, raw: str) -> bool:
        """True if this text cannot be laid out in the present width."""
        return self._raw == raw and self._failed

    def lay_out(self, raw: str, width: int) -> None:
        """Lay the text out beside the event loop, unless that is done or begun; then `LaidOut` says so."""
        wanted = (raw, width, self.base_style())
        if wanted != self._wanted:
            self._wanted = wanted
            if not self._is_working:
                self._is_working = True
                self.run_worker(self._lay_out_wanted())

    async def _lay_out_wanted(self) -> None:
        """Lay out only the newest text and size wanted; in a storm of sizes the others cost nothing."""
        done = None
        while done != self._wanted and self._wanted is not None:
            raw, width, base = done = self._wanted
            styles = {kind: self.style_of((kind,)) for kind in KINDS}
            lines = await asyncio.to_thread(_laid_out, raw, width, styles)
        self._is_working = False
        self._raw, self._failed = raw, lines is None
        self._strips = [Strip(line).apply_style(base).adjust_cell_length(width, base) for line in lines or ()]
        self.virtual_size = Size(width, len(self._strips))
        self.refresh()
        self.post_message(self.LaidOut())

    def render_lines(self, crop: Region) -> list[Strip]:
        self._lay_out_anew()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        row, base = y + self.scroll_offset.y, self._base
        strip = self._strips[row] if row < len(self._strips) else Strip([])
        return strip.adjust_cell_length(self.size.width, base)

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out_anew()

    def _lay_out_anew(self) -> None:
        """Lay the text out for another width or another theme."""
        if self._wanted is not None and (width := self.scrollable_content_region.width):
            self.lay_out(self._wanted[0], width)


def _laid_out(raw: str, width: int, styles: Mapping[str, Style]) -> list[list[Segment]] | None:
    try:
        return lay_out(raw, width, styles)
    except Exception as error:  # a mistake of ours or of a parser costs this view, and not the answer
        note(error)
        return None
