"""The state that the parts of the main screen share: the sheet on it, and the way to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import OptionList

from tui.app.input_order import OrderedInput
from tui.app.screens.main.bars import TopBar
from tui.app.screens.main.board import Board
from tui.app.screens.main.guiding import Guiding
from tui.app.screens.main.listing import Listing
from tui.app.screens.main.rubric_bar import RubricBar
from tui.app.screens.main.telling import Telling

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.app.context import AppContext
    from tui.app.screens.main.pane import Pane
    from tui.catalogue.rubric import Criterion, Level, Rubric
    from tui.grading.queue import Target
    from tui.grading.session import Session
    from tui.grading.sheet import Sheet, Slot

BLIND, PRACTICE = " · blind: names hidden", " · practice"


class Stage:
    def __init__(self, screen: Screen[None], context: AppContext) -> None:
        self.screen = screen
        self.context = context
        self.board = Board()
        self.telling = Telling(screen, context)
        self.listing = Listing(screen, context.session, self.telling)
        self.guiding = Guiding(self.board, context.session, self.telling)
        self._criterion = 0

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
    def rubric(self) -> Rubric | None:
        sheet = self.sheet
        return sheet.item.rubric if sheet else None

    @property
    def criterion(self) -> Criterion | None:
        """The one that keys are about."""
        rubric = self.rubric
        return rubric.criteria[self._criterion] if rubric else None

    @property
    def criterion_place(self) -> int:
        return self._criterion

    @property
    def levels(self) -> tuple[Level, ...]:
        criterion = self.criterion
        return criterion.levels if criterion else ()

    @property
    def in_list(self) -> bool:
        """True while keys are about the list of items."""
        return isinstance(self.screen.focused, OptionList)

    @property
    def arrived(self) -> float:
        """The time at which the present key arrived."""
        assert isinstance(self.screen.app, OrderedInput)
        return self.screen.app.arrived

    def draw_title(self) -> None:
        """Blindness stands early, where a long line of progress leaves it."""
        program, between, rest = self.context.title.partition(" · ")
        what = BLIND if self.session.blind else PRACTICE if self.session.practises else ""
        self.screen.query_one(TopBar).set_title(f"{program}{what}{between}{rest}")

    async def go_to(self, place: int, slot: int | None = None) -> None:
        """Show the item at this place, the focus on the slot with this id, else on the first open one."""
        if place not in range(len(self.session.items)):
            return
        sheet = None
        with self.telling.store_errors():
            sheet = self.session.go_to(place)
        if sheet is None:  # what is shown stays there whole
            return
        self.listing.list.choose(place)
        self.listing.forget()
        self.show(sheet, slot)

    def show(self, sheet: Sheet, slot: int | None = None) -> None:
        """Show another sheet."""
        self._criterion = 0
        self.board.show(sheet)
        self.guiding.follow(sheet)
        if slot is None:
            self._focus_open(sheet)
        else:
            self.focus_pane(sheet.position(slot) or 0)

    async def lead_to(self, subject: str, *, repeated: bool = False) -> Target | Sheet | None:
        """Show a response, or a pair: where it is among the session's, or comes once more, else alone on a
        sheet; None where it is gone. Raises StoreError."""
        if target := self.session.find(subject, repeated=repeated):
            self.listing.forget(None if target.place is None else {target.place})
            await self.follow(target)
            self.draw_changes()
            return target
        if sheet := self.session.visit(subject):
            self.show(sheet)
        return sheet

    async def follow(self, target: Target) -> None:
        """Go where the session says."""
        sheet = self.sheet
        if target.place is not None and (sheet is None or sheet.place != target.place):
            await self.go_to(target.place, target.slot)
            sheet = self.sheet
        if sheet is None:
            return
        if target.slot is not None:
            with self.telling.store_errors():
                if target.sample is not None:
                    self.session.step(target.slot, target.sample)
            self.draw_changes()
            self.focus_pane(sheet.position(target.slot) or 0)
        else:
            self._focus_open(sheet)

    def _focus_open(self, sheet: Sheet) -> None:
        """Focus the first slot that is open, else the first."""
        first = next((place for place, slot in enumerate(sheet.slots) if slot.open), 0)
        self.focus_pane(first)

    def focus_pane(self, index: int) -> None:
        self.board.choose(index)
        slot = self.slot
        self.choose_criterion(slot.open_criterion if slot else 0)
        if sheet := self.sheet:
            self.board.draw_tabs(sheet)
        self.screen.refresh_bindings()

    def choose_criterion(self, index: int) -> None:
        """Make this criterion, counted around the corner, the one that keys are about."""
        sheet, slot = self.sheet, self.slot
        if sheet is not None:
            rubric = sheet.item.rubric
            self._criterion = index % len(rubric.criteria)
            self.screen.query_one(RubricBar).show(rubric, self._criterion, slot.givens if slot else ())
            self.board.choose_criterion(sheet.item, self._criterion)

    def choose_criterion_named(self, name: str | None) -> None:
        names = [criterion.name for criterion in self.rubric.criteria] if self.rubric else []
        if name in names:
            self.choose_criterion(names.index(name))

    def move_criterion(self, step: int) -> None:
        self.choose_criterion(self._criterion + step)

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
