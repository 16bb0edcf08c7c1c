"""A sheet, drawn: its item above, and a pane for each of its slots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from tui.app.screens.main.bars import PaneTab, PaneTabs
from tui.app.screens.main.guidelines_bar import GuidelinesBar
from tui.app.screens.main.pane import Pane
from tui.app.screens.main.panes import Panes
from tui.app.screens.main.prompt_bar import PromptBar
from tui.app.view.marks import slot_mark
from tui.app.widgets.one_line import OneLine
from tui.grading.letters import letter

if TYPE_CHECKING:
    from collections.abc import Container

    from textual.app import ComposeResult
    from textual.widget import AwaitMount

    from tui.catalogue.item import Item
    from tui.grading.sheet import Sheet, Slot


class Board(Vertical):
    """`current` is the place of the pane that keys are about. The focus follows it, and it the focus only
    where a person moves that."""

    def __init__(self) -> None:
        super().__init__(id="board")
        self.current = 0
        self.second = 1
        """The place of the pane that is compared with the current one."""
        self.guidelines = GuidelinesBar()
        self.panes: list[Pane] = []
        self.used = 0
        """The number of slots of the sheet, each in one of the first panes."""

    def compose(self) -> ComposeResult:
        yield PromptBar()
        yield self.guidelines
        yield OneLine(id="comparing")
        yield PaneTabs(id="tabs")
        yield Panes(self.measure)

    @property
    def pane(self) -> Pane:
        return self.panes[self.current]

    def add_panes(self, count: int) -> AwaitMount:
        """Add panes until there are that many, at once; of the old ones only the place changes."""
        fresh = range(len(self.panes), count)
        self.query_one(PaneTabs).mount_all(PaneTab(index) for index in fresh)
        panes = [Pane(index + 1) for index in fresh]
        self.panes += panes
        mounted = self.query_one(Panes).mount_all(panes)
        self.call_after_refresh(self.query_one(Panes).measure)
        return mounted

    def show(self, sheet: Sheet) -> None:
        """Another sheet, each pane from its top."""
        self.query_one(PromptBar).show(sheet.item)
        self._use_panes(len(sheet.slots))
        for pane, slot in zip(self.panes, sheet.slots, strict=False):
            pane.show(slot)

    def draw(self, sheet: Sheet, changed: Container[int]) -> None:
        """The slots with these ids, and those that no pane has shown yet."""
        self._use_panes(len(sheet.slots))
        for pane, slot in zip(self.panes, sheet.slots, strict=False):
            if pane.slot is None:
                pane.show(slot)
            elif slot.id in changed:
                pane.draw(slot)

    def choose(self, index: int) -> None:
        """Make this pane, counted around the corner, the current one."""
        self.current = index % max(self.used, 1)
        for place, pane in enumerate(self.panes):
            pane.set_current(place == self.current)
        self.move_second(0)
        self.screen.set_focus(self.pane)  # at once, where focus() waits and may come after the next key

    def move_second(self, step: int) -> None:
        """Make another pane the second one, counted around the corner; it is never the current one."""
        count = max(self.used, 1)
        self.second = (self.second + step) % count
        if self.second == self.current:
            self.second = (self.second + (step or 1)) % count
        for place, pane in enumerate(self.panes):
            pane.set_class(place == self.second, "-second")

    def draw_tabs(self, sheet: Sheet) -> None:
        labels = [_tab(slot, letter(place)) for place, slot in enumerate(sheet.slots)]
        self.query_one(PaneTabs).show(labels, self.current)

    @property
    def judged_together(self) -> list[Pane]:
        """The panes of a pair."""
        return self.panes[: self.used]

    @property
    def in_view(self) -> int:
        """The number of answers of which something is in view."""
        return sum(pane.shows_answer for pane in self.panes)

    @property
    def shows_expected(self) -> bool:
        return self.query_one(PromptBar).shows_expected

    def choose_criterion(self, item: Item, criterion: int) -> None:
        self.query_one(PromptBar).choose_criterion(item, criterion)

    def note_details(self) -> None:
        self.query_one(PromptBar).note_details()

    def _use_panes(self, count: int) -> None:
        """Hide the panes for which this sheet has no slot."""
        if count == self.used:
            return
        self.used = count
        for place, pane in enumerate(self.panes):
            pane.set_class(place >= count, "-unused")
        panes = self.query_one(Panes)
        panes.set_classes(f"-count-{min(count, 5)}")
        self.call_after_refresh(panes.measure)

    def guide(self, item: Item | None) -> None:
        """Show the guidelines of this item above the answers; None for none."""
        if item is not None or self.guidelines.is_wanted:
            self.guidelines.put(item)
            self.measure()
            self.call_after_refresh(self.measure)

    def measure(self) -> None:
        panes = self.query_one(Panes)
        if self.guidelines.is_wanted or self.guidelines.display:
            room = self.size.height - self.query_one(PromptBar).outer_size.height
            self.guidelines.fit(self.size.width, panes.spare(room))
        panes.measure()


def _tab(slot: Slot, name: str) -> str:
    mark = slot_mark(slot)
    return f"{name} {mark} {slot.label}" if slot.known else f"{mark} {slot.label}"
