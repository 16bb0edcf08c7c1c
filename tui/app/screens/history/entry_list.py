"""The list of entries, each drawn as wide as there is room."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.app.keys import IN_A_LIST
from tui.app.screens.history.lines import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.grading.history import Entry

OLDER = "… older ones: Enter"


class EntryList(OptionList):
    """The last line, where there is more, asks for it: then the cursor is on no entry."""

    BINDINGS = [*IN_A_LIST]

    def __init__(self) -> None:
        super().__init__(id="entries", markup=False)
        self._entries: list[Entry] = []
        self._has_more = False
        self._width = 0

    def show(self, entries: Sequence[Entry], *, has_more: bool) -> None:
        """List these, with the cursor on the first."""
        self._entries = list(entries)
        self._has_more = has_more
        self._draw(0)
        self.call_after_refresh(self._fit)  # the first time it has no width yet

    def add(self, entries: Sequence[Entry], *, has_more: bool) -> None:
        """List these below the others, with the cursor on the first of them."""
        first = len(self._entries)
        self._entries += entries
        self._has_more = has_more
        self._draw(first)

    @property
    def entry(self) -> Entry | None:
        """The one under the cursor."""
        place = self.highlighted
        return self._entries[place] if place is not None and place < len(self._entries) else None

    @property
    def last(self) -> Entry | None:
        return self._entries[-1] if self._entries else None

    @property
    def asks_for_more(self) -> bool:
        """True while the cursor is on the line for older ones."""
        return self._has_more and self.highlighted == len(self._entries)

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def watch_show_vertical_scrollbar(self) -> None:
        """Draw the lines anew, as the scrollbar takes cells from them."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if self.scrollable_content_region.width != self._width:
            self._draw(self.highlighted or 0)

    def _draw(self, cursor: int) -> None:
        self._width = self.scrollable_content_region.width
        now = datetime.now().astimezone()
        options = [Option(line(entry, self._width, now)) for entry in self._entries]
        options += [Option(OLDER)] if self._has_more else []
        self.clear_options()
        self.add_options(options)
        if options:
            self.highlighted = min(cursor, len(options) - 1)
