"""Keys that run, stop, move about and look closer."""

from __future__ import annotations

import asyncio

from textual import work

from tui.app.clipboard import copy_to_system
from tui.app.key_names import key_name
from tui.app.keys import MAIN
from tui.app.screens.compose_prompt import ComposePromptScreen
from tui.app.screens.desk_screen import DeskScreen
from tui.app.screens.details import DetailsScreen
from tui.app.screens.help import HelpScreen
from tui.app.widgets.prompt_list import PromptList

ANYTIME = ("help", "write", "prompts", "models")
"""What can be done with no model."""


class ViewActions(DeskScreen):
    def action_run(self) -> None:
        if self.desk.live.run(self.answers):
            return
        if any(answer.busy for answer in self.answers):
            self.say("The answers to this prompt are being written.")
        else:
            more = key_name(self.app, "run-again")
            self.say(
                f"Every model has answered this prompt. {more} gives one more sample from this pane's model."
            )

    def action_run_again(self) -> None:
        if not self.desk.live.run_again(self.answer):
            self.say("This answer is still being written.")

    def action_stop(self) -> None:
        if not self.answers:
            return
        if self.in_list:
            self.focus_pane(self.current)
        elif self.answer.busy:
            self.desk.live.cancel(self.answer)
        elif self.has_class("-solo"):
            self.action_solo()
        elif self.desk.live.busy:
            self.desk.live.cancel_all()

    def action_move_pane(self, step: int) -> None:
        if self.answers:
            self.focus_pane(self.current + step)

    def action_go_to_pane(self, place: int) -> None:
        self.focus_pane(place)

    async def action_move_prompt(self, step: int) -> None:
        place = self.place + step
        if self.answers and 0 <= place < len(self.items):
            await self.show_prompt(place)
        elif self.answers:
            self.say("This is the last prompt." if step > 0 else "This is the first prompt.")

    def action_scroll_answer(self, where: str) -> None:
        if not self.answers:
            return
        scroller = self.pane.scroller()
        {
            "down": scroller.scroll_down,
            "up": scroller.scroll_up,
            "page_down": scroller.scroll_page_down,
            "page_up": scroller.scroll_page_up,
            "home": scroller.scroll_home,
            "end": scroller.scroll_end,
        }[where](animate=False)

    def action_solo(self) -> None:
        self.toggle_class("-solo")

    def action_plain(self) -> None:
        for pane in self._panes:
            pane.toggle_plain()
        self.say("As written." if self.pane.plain else "Markdown.")

    def action_prompts(self) -> None:
        self.set_focus(self.query_one(PromptList))

    async def action_choose_prompt(self) -> None:
        """Of the list, the prompt under the cursor."""
        place = self.query_one(PromptList).place
        if self.answers and place is not None:
            await self.show_prompt(place)

    @work(exclusive=True, group="copy")
    async def action_copy(self) -> None:
        text = self.answer.text
        if not text:
            self.say("There is no answer to copy yet.")
            return
        self.app.copy_to_clipboard(text)
        if await asyncio.to_thread(copy_to_system, text):
            self.say("Answer copied.")
        else:
            self.say("Sent to the terminal's clipboard; whether it took it, only pasting shows.")

    async def action_details(self) -> None:
        if self.answers:
            await self.app.push_screen(DetailsScreen(self.items[self.place], self.answer))

    async def action_help(self) -> None:
        await self.app.push_screen(HelpScreen(MAIN, self.rubric))

    async def action_write(self) -> None:
        await self.app.push_screen(ComposePromptScreen(), self._save_prompt)

    async def _save_prompt(self, text: str | None) -> None:
        if text is None:
            return
        saved = False
        with self.store_errors_said("The prompt is not saved"):
            self.desk.add_own_prompt(text)
            saved = True
            self.items = self.desk.items()
            self.draw_prompts()
            await self.show_prompt(len(self.items) - 1)
        if not saved:  # what was written stays on the screen
            self.app.push_screen(ComposePromptScreen(text), self._save_prompt)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        if action == "grade":
            return bool(self.answers) and parameters[0] in range(len(self.rubric))
        if action in ("skip", "note"):
            return bool(self.answers) and self.answer.gradable
        if action == "stop":
            return bool(self.answers) and self._stoppable()
        if action not in ANYTIME and hasattr(self, f"action_{action}"):
            return bool(self.answers)
        return super().check_action(action, parameters)

    def _stoppable(self) -> bool:
        return self.desk.live.busy or self.in_list or self.has_class("-solo")
