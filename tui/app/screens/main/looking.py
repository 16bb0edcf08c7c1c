"""Keys that move about and look closer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.app.clipboard import copy_to_system
from tui.app.keys import GENERATING, MAIN
from tui.app.screens.dialogs.details import DetailsScreen
from tui.app.screens.dialogs.help import HelpScreen
from tui.app.screens.dialogs.search import SearchScreen
from tui.app.view.key_names import key_name
from tui.grading.hiding import NUMBER_HIDDEN

if TYPE_CHECKING:
    from tui.app.screens.dialogs.search import Hit
    from tui.app.screens.main.finishing import Finishing
    from tui.app.screens.main.stage import Stage
    from tui.grading.events import Event


class Looking:
    def __init__(self, stage: Stage, finishing: Finishing) -> None:
        self._stage = stage
        self._finishing = finishing
        self._words = ""
        """Those of the last search."""

    def move_pane(self, step: int) -> None:
        self._stage.focus_pane(self._stage.board.current + step)

    async def move_prompt(self, step: int) -> None:
        stage = self._stage
        place = stage.session.place + step
        if 0 <= place < len(stage.session.items):
            await stage.go_to(place)
        else:
            stage.telling.say("This is the last prompt." if step > 0 else "This is the first prompt.")

    async def next_open(self) -> None:
        """Go to the next answer that waits for a grade, wherever it is."""
        stage, slot = self._stage, self._stage.slot
        target = None
        with stage.telling.store_errors():
            target = stage.session.next_open(after=slot.id) if slot else None
        if target is not None:
            await stage.follow(target)
        elif stage.session.generates:
            stage.telling.say("No answer waits for a grade.")
        else:
            await self._finishing.show()

    def move_sample(self, step: int) -> None:
        """Show another answer of this model to this prompt, around the corner."""
        stage, slot = self._stage, self._stage.slot
        if slot is None:
            return
        if stage.session.blind:
            stage.telling.say(NUMBER_HIDDEN)
            return
        if slot.samples < 2:
            more = (
                f" {key_name(stage.screen.app, 'run-again')} gives one more."
                if stage.session.generates
                else ""
            )
            stage.telling.say(f"There is one answer of this model to this prompt.{more}")
            return
        with stage.telling.store_errors():
            stage.session.step(slot.id, (slot.sample - 1 + step) % slot.samples + 1)
        stage.draw_changes()
        stage.focus_pane(stage.board.current)

    async def choose_prompt(self) -> None:
        """Go to the prompt under the list's cursor."""
        place = self._stage.listing.list.place
        if self._stage.slot is not None and place is not None:
            await self._stage.go_to(place)

    async def search(self) -> None:
        """Find a prompt by words; the list's cursor shows the way."""
        stage = self._stage
        screen = SearchScreen(
            stage.session.items, stage.session.place, self._words, stage.listing.list.choose
        )
        await stage.screen.app.push_screen(screen, self._found)

    async def _found(self, hit: Hit | None) -> None:
        stage = self._stage
        if hit is None:
            stage.listing.list.choose(stage.session.place)
            return
        self._words = hit.words
        await stage.go_to(hit.place)

    def toggle_markdown(self) -> None:
        for pane in self._stage.board.panes:
            pane.toggle_plain()
        self._stage.telling.say("As written." if self._stage.pane.plain else "Markdown.")

    async def copy(self) -> None:
        stage, slot = self._stage, self._stage.slot
        if slot is None or not slot.text:
            stage.telling.say("There is no answer to copy yet.")
            return
        stage.screen.app.copy_to_clipboard(slot.text)
        if await asyncio.to_thread(copy_to_system, slot.text):
            stage.telling.say("Answer copied.")
        else:
            stage.telling.say("Sent to the terminal's clipboard; whether it took it, only pasting shows.")

    async def details(self) -> None:
        stage, sheet = self._stage, self._stage.sheet
        if sheet is None:
            return
        slot = sheet.slots[stage.board.current]
        events: tuple[Event, ...] = ()
        with stage.telling.store_errors():
            events = stage.session.events(slot.id)
        stage.board.note_details()
        await stage.screen.app.push_screen(DetailsScreen(sheet.item, slot, stage.criterion_place, events))

    async def help(self) -> None:
        generates = self._stage.session.generates
        keys = (each for each in MAIN if generates or each.action not in GENERATING)
        await self._stage.screen.app.push_screen(HelpScreen(keys, self._stage.levels, generates=generates))
