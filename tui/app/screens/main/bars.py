"""The one-line strips: what is open and how far, the panes' tabs, the rubric with its keys."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from tui.app.view.key_names import key_name, level_keys
from tui.app.view.marks import grade_mark, grade_style
from tui.app.widgets.one_line import OneLine
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.catalogue.rubric import Level

GAUGE_CELLS = 12
LEAST_TAB = 12
"""The fewest cells in which a tab differs from others."""


class TopBar(Horizontal):
    def compose(self) -> ComposeResult:
        yield OneLine(id="top-title")
        yield OneLine(id="top-download")
        yield OneLine(id="top-progress")

    def set_title(self, title: str) -> None:
        self.query_one("#top-title", OneLine).show(Content(safe_line(title)))

    def set_download(self, words: str) -> None:
        download = self.query_one("#top-download", OneLine)
        download.display = bool(words)
        download.show(Content(words))

    def set_progress(self, graded: int, total: int) -> None:
        if not total:
            return
        filled = round(GAUGE_CELLS * graded / total)
        gauge = "▓" * filled + "░" * (GAUGE_CELLS - filled)
        self.query_one("#top-progress", OneLine).show(Content(f"graded {graded} of {total}  {gauge}"))


class PaneTab(OneLine):
    def __init__(self, index: int) -> None:
        super().__init__(classes="pane-tab")
        self.index = index
        self.click_action = f"go_to_pane({index})"


class PaneTabs(Horizontal):
    """The strip of pane names and their key, for layouts that show one pane at a time."""

    _current = 0
    _way = ""

    def compose(self) -> ComposeResult:
        yield OneLine(id="tabs-key")

    def show(self, labels: Sequence[str], current: int) -> None:
        tabs = list(self.query(PaneTab))
        self._current = current
        self._way = f"{key_name(self.app, 'next-pane')}: others" if len(tabs) > 1 else ""
        self._show_those_near()
        for tab, label in zip(tabs, labels, strict=True):
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
        first = max(0, min(self._current - room // 2, len(tabs) - room))
        for tab in tabs:
            tab.display = first <= tab.index < first + room


class LevelKey(Static):
    """One level of the rubric: its key, its name, what earns it. A click gives the grade."""

    def __init__(self, index: int, level: Level, keys: Sequence[str]) -> None:
        super().__init__(markup=False, classes="level")
        self.click_action = f"grade({index})"
        self.level = level
        self.keys = keys

    def on_mount(self) -> None:
        level = self.level
        self.update(
            Content.assemble(
                (f" {self.keys[0]} ", "reverse bold") if self.keys else "",
                (f" {level.label} {grade_mark(level.value)} ", f"bold {grade_style(level.value)}"),
                safe_line(level.anchor),
            )
        )
        how = f"Press {' or '.join(self.keys)}" if self.keys else "Click"
        self.tooltip = Content(f"{how}: {safe_line(level.anchor)}")


class RubricBar(Horizontal):
    """The levels of the item on the sheet, worst first, each with the key that gives it."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._levels: tuple[Level, ...] = ()
        self._drawing = asyncio.Lock()

    async def show(self, levels: Sequence[Level]) -> None:
        async with self._drawing:  # a click and a key may each have changed the prompt
            if tuple(levels) == self._levels:
                return
            self._levels = tuple(levels)
            self.set_class(len(levels) > 3, "-many")
            self.set_class(len(levels) > 5, "-most")
            keys = level_keys(self.app, levels)
            async with self.batch():
                await self.query(LevelKey).remove()
                await self.mount_all(
                    LevelKey(index, level, keys[index]) for index, level in enumerate(levels)
                )
