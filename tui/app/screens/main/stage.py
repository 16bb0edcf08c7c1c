"""The state that the parts of the main screen share: the sheet on it, and the way to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import OptionList

from tui.app.input_order import OrderedInput
from tui.app.screens.main.bars import RubricBar
from tui.app.screens.main.board import Board
from tui.app.screens.main.listing import Listing
from tui.app.screens.main.telling import Telling

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.app.context import AppContext
    from tui.app.screens.main.pane import Pane
    from tui.catalogue.rubric import Level
    from tui.grading.session import Session
    from tui.grading.sheet import Sheet, Slot


class Stage:
    def __init__(self, screen: Screen[None], context: AppContext) -> None:
        self.screen = screen
        self.context = context
        self.board = Board()
        self.telling = Telling(screen, context)
        self.listing = Listing(screen, context.session, self.telling)

    @property
    def session(self) -> Session:
        return self.context.session

    @property
    def sheet(self) -> Sheet | None:
        return self.session.current()

    @property
    def slot(self) -> Slot | None:
        """The one that keys are about, as it is now; None while nothing is shown."""
        return self.session.slot(self.board.current)

    @property
    def pane(self) -> Pane:
        return self.board.pane

    @property
    def levels(self) -> tuple[Level, ...]:
        items = self.session.items
        return items[self.session.place].rubric.levels if items else ()

    @property
    def in_list(self) -> bool:
        """True while keys are about the list of items."""
        return isinstance(self.screen.focused, OptionList)

    @property
    def arrived(self) -> float:
        """The time at which the present key arrived."""
        assert isinstance(self.screen.app, OrderedInput)
        return self.screen.app.arrived

    async def go_to(self, place: int, slot: int | None = None) -> None:
        """Show the item at this place, with the focus on the slot with this id, else on the first."""
        if place not in range(len(self.session.items)):
            return
        sheet = None
        with self.telling.store_errors():
            sheet = self.session.go_to(place)
        if sheet is None:  # what is shown stays there whole
            return
        self.listing.list.choose(place)
        self.board.show(sheet)
        self.listing.forget()
        self.focus_pane(sheet.position(slot) or 0 if slot else 0)
        # Last, as it takes a while: what is shown, and the pane that keys are about, changed at once.
        await self.screen.query_one(RubricBar).show(self.levels)

    def focus_pane(self, index: int) -> None:
        self.board.choose(index)
        if sheet := self.sheet:
            self.board.draw_tabs(sheet)
        self.screen.refresh_bindings()

    def draw_changes(self) -> None:
        """Draw the slots that changed since the last time, and their rows of the list."""
        slots, places = set[int](), set[int]()
        with self.telling.store_errors():
            slots, places = self.session.take_changes()
        sheet = self.sheet if slots else None
        if sheet:
            self.board.draw(sheet, slots)
        if places:
            self.listing.forget(places)
            self.screen.refresh_bindings()
            if sheet:
                self.board.draw_tabs(sheet)
        self.listing.draw()
        self.listing.draw_progress()
        for line in self.session.take_lines():
            self.telling.say(line, title="The engine ended", severity="error")
