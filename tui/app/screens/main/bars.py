"""The one-line strips: what is open and how far, and the panes' tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Horizontal
from textual.content import Content

from tui.app.view.key_names import key_name
from tui.app.widgets.one_line import OneLine
from tui.text import safe_line
from tui.units import short_duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

GAUGE_CELLS = 12
LEAST_TAB = 12
"""The fewest cells in which a tab differs from others."""


class TopBar(Horizontal):
    def compose(self) -> ComposeResult:
        yield OneLine(id="top-title")
        yield OneLine(id="top-download")
        yield OneLine(id="top-progress")
        yield OneLine(id="top-gauge")

    def on_mount(self) -> None:
        self.set_download("")

    def set_title(self, title: str) -> None:
        self.query_one("#top-title", OneLine).show(Content(safe_line(title)))

    def set_download(self, words: str) -> None:
        download = self.query_one("#top-download", OneLine)
        download.display = bool(words)
        download.show(Content(words))

    def set_progress(
        self,
        graded: int,
        total: int,
        seconds: float | None = None,
        left: float | None = None,
        *,
        verb: str = "graded",
    ) -> None:
        """`seconds` is the median time of a decision, `left` what the rest takes at that pace: in a narrow
        terminal they have the room of the gauge."""
        if not total:
            return
        filled = GAUGE_CELLS * graded // total
        words = f"{verb} {graded:,} of {total:,}"
        self.set_class(bool(seconds is not None and left), "-timed")
        if seconds is not None and left:
            words += f" · {short_duration(seconds)} each, {short_duration(left)} left"
        gauge = "▓" * filled + "░" * (GAUGE_CELLS - filled)
        self.query_one("#top-progress", OneLine).show(Content(words))
        self.query_one("#top-gauge", OneLine).show(Content(gauge))


class PaneTab(OneLine):
    def __init__(self, index: int) -> None:
        super().__init__(classes="pane-tab")
        self.index = index
        self.click_action = f"go_to_pane({index})"


class PaneTabs(Horizontal):
    """The strip of pane names and their key, for layouts that show one pane at a time."""

    _current = 0
    _count = 0
    _way = ""

    def compose(self) -> ComposeResult:
        yield OneLine(id="tabs-key")

    def show(self, labels: Sequence[str], current: int) -> None:
        tabs = list(self.query(PaneTab))
        self._current, self._count = current, len(labels)
        self._way = f"{key_name(self.app, 'next-pane')}: others" if self._count > 1 else ""
        self._show_those_near()
        for tab, label in zip(tabs, labels, strict=False):
            tab.show(Content(safe_line(label)))
            tab.set_class(tab.index == current, "-current")
        self.query_one("#tabs-key", OneLine).show(Content(self._way))

    def on_resize(self) -> None:
        self._show_those_near()

    def _show_those_near(self) -> None:
        """Show the tabs around the current one, as many as can be read."""
        tabs = list(self.query(PaneTab))
        width = self.size.width - cell_len(f" {self._way} ")
        room = max(width // LEAST_TAB, 1) if self.size.width else len(tabs)
        first = max(0, min(self._current - room // 2, self._count - room))
        for tab in tabs:
            tab.display = first <= tab.index < min(first + room, self._count)
