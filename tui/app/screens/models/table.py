"""One row for each model of the catalogue; how many columns depends on the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.binding import Binding
from textual.widgets import DataTable

from tui.app.view.download_text import state_words
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events

    from tui.app.job import Job
    from tui.weights.overview import Overview

NARROW, WIDE = 100, 170
PADDING, SCROLLBAR = 1, 1
_WIDTHS = {"model": 25, "state": 35, "format": 8, "size": 9, "memory": 17, "licence": 16}
"""Cells at least; what is left goes to the state, in a wide terminal to the licence."""
_NARROW_WIDTHS = {"model": 25, "state": 8, "size": 9, "memory": 9}


class ModelTable(DataTable[Text]):
    BINDINGS = [
        # Not the table's own, which a click on a row means too: that would fetch what a person looks at.
        Binding("enter", "screen.download", "Download", show=False),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "scroll_top", "First", show=False),
        Binding("G", "scroll_bottom", "Last", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="models", cursor_type="row", cell_padding=PADDING)
        self._rows: dict[str, tuple[Overview, Job | None]] = {}

    def set_rows(self, rows: Iterable[tuple[Overview, Job | None]]) -> None:
        self._rows = {overview.name: (overview, job) for overview, job in rows}
        self._lay_out()

    def set_row(self, overview: Overview, job: Job | None) -> None:
        self._rows[overview.name] = (overview, job)
        for column, text in self._cells(overview, job).items():
            if column in self.columns:
                self.update_cell(overview.name, column, text)

    @property
    def name_under_cursor(self) -> str:
        names = list(self._rows)
        return names[self.cursor_row] if self.cursor_row < len(names) else ""

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        cursor = self.cursor_row
        self.clear(columns=True)
        for column, width in _columns(self.size.width - SCROLLBAR):
            self.add_column(Text(column), width=width, key=column)
        for overview, job in self._rows.values():
            cells = self._cells(overview, job)
            self.add_row(*(cells[str(key.value)] for key in self.columns), key=overview.name)
        self.move_cursor(row=cursor)

    def _cells(self, row: Overview, job: Job | None) -> dict[str, Text]:
        narrow, wide = self.size.width < NARROW, self.size.width >= WIDE
        short_licence = "non-commercial" if row.non_commercial else row.licence
        words = {
            "model": row.title,
            "state": state_words(job) if job else row.shown_state,
            "format": row.quantisation,
            "size": row.size_words,
            "memory": row.fit if narrow else row.memory_words,
            "licence": row.licence_words if wide else short_licence,
        }
        return {column: _cell(text) for column, text in words.items()}


def _cell(text: str) -> Text:
    return Text(safe_line(text), no_wrap=True, overflow="ellipsis")


def _columns(width: int) -> list[tuple[str, int]]:
    shown = dict(_WIDTHS if width >= NARROW - SCROLLBAR else _NARROW_WIDTHS)
    flexible = "licence" if width >= WIDE - SCROLLBAR else "state"
    others = sum(shown.values()) - shown[flexible] + 2 * PADDING * len(shown)
    shown[flexible] = max(width - others, 8)
    return list(shown.items())
