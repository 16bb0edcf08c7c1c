"""The second view of an answer: laid out as Markdown."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.strip import Strip

from tui.app.widgets.drawn_text import DrawnText
from tui.app.written.inline import KINDS
from tui.app.written.laid_out import lay_out

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rich.style import Style
    from textual import events
    from textual.geometry import Region


class AnswerMarkdown(DrawnText, can_focus=False):
    DEFAULT_CSS = "AnswerMarkdown { scrollbar-gutter: stable; overflow-x: hidden; }"

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._raw: str | None = None
        self._laid_out_for: tuple[str, int, Style] | None = None
        self._strips: list[Strip] = []
        self._failed = False

    @property
    def row_count(self) -> int:
        return len(self._strips)

    def shows(self, raw: str) -> bool:
        """Whether this text is laid out."""
        return self._raw == raw and not self._failed

    def failed_on(self, raw: str) -> bool:
        """Whether this text cannot be laid out."""
        return self._raw == raw and self._failed

    def was_asked_for(self, raw: str) -> bool:
        """Whether this text is laid out, or being laid out, or cannot be."""
        return self._laid_out_for is not None and self._laid_out_for[0] == raw

    async def show(self, raw: str, width: int) -> None:
        """Returns when it is laid out, which happens beside the event loop."""
        base = self.base_style()
        self._laid_out_for = wanted = (raw, width, base)
        styles = {kind: self.style_of((kind,)) for kind in KINDS}
        lines = await asyncio.to_thread(lay_out, raw, width, styles)
        if self._laid_out_for != wanted:
            return
        self._raw, self._failed = raw, lines is None
        self._strips = [Strip(line).apply_style(base).adjust_cell_length(width, base) for line in lines or ()]
        self.virtual_size = Size(width, len(self._strips))
        self.refresh()

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
        """For another width or another theme."""
        width = self.scrollable_content_region.width
        if self._raw is None or not width or (self._raw, width, self.base_style()) == self._laid_out_for:
            return
        self._laid_out_for = (self._raw, width, self._base)
        lay_out_anew: Callable[[], Awaitable[None]] = partial(self.show, self._raw, width)
        self.run_worker(lay_out_anew, exclusive=True, group="markdown", exit_on_error=False)
