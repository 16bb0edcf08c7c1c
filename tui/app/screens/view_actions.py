"""Keys that run, stop, move about and look closer."""

from __future__ import annotations

from textual.widgets import OptionList

from tui.app.clipboard import copy_to_system
from tui.app.screens.compose_prompt import ComposePromptScreen
from tui.app.screens.desk_screen import DeskScreen
from tui.app.screens.details import DetailsScreen
from tui.app.screens.help import HelpScreen
from tui.app.widgets.pane import Pane
from tui.errors import StoreError


class ViewActions(DeskScreen):
    def action_run(self) -> None:
        try:
            started = self.desk.workbench.run(self.answers)
        except StoreError as error:
            self.say(str(error), severity="error")
            return
        if not started:
            self.say("Every model has answered this prompt. R gives one more sample from this pane's model.")

    def action_run_again(self) -> None:
        if not self.desk.workbench.run_again(self.answer):
            self.say("This answer is still being written.")

    def action_stop(self) -> None:
        if not self.answers:
            return
        if isinstance(self.focused, OptionList):
            self.focus_pane(self.current)
        elif self.answer.busy:
            self.desk.workbench.cancel(self.answer)
        elif self.desk.workbench.busy:
            self.desk.workbench.cancel_all()
        elif self.has_class("-solo"):
            self.action_solo()

    def action_move_pane(self, step: int) -> None:
        if self.answers:
            self.focus_pane(self.current + step)

    async def action_move_prompt(self, step: int) -> None:
        place = self.place + step
        if self.answers and 0 <= place < len(self.prompts):
            await self.show_prompt(place)

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
        for pane in self.query(Pane):
            pane.toggle_plain()
        self.say("Plain text, as written." if self.pane.plain else "Markdown.")

    def action_prompts(self) -> None:
        self.query_one(OptionList).focus()

    def action_copy(self) -> None:
        text = self.answer.text
        if not text:
            self.say("There is no answer to copy yet.")
            return
        self.app.copy_to_clipboard(text)
        if copy_to_system(text):
            self.say("Answer copied.")
        else:
            self.say("Sent to the terminal's clipboard; whether it took it, only pasting shows.")

    def action_details(self) -> None:
        if self.answers:
            self.app.push_screen(DetailsScreen(*self.prompts[self.place], self.answer))

    def action_help(self) -> None:
        bindings = [binding for _, binding, *_ in self.active_bindings.values()]
        self.app.push_screen(HelpScreen(bindings, self.rubric))

    def action_write(self) -> None:
        self.app.push_screen(ComposePromptScreen(), self._save_prompt)

    async def _save_prompt(self, text: str | None) -> None:
        if text is None:
            return
        try:
            self.desk.add_own_prompt(text)
        except StoreError as error:
            self.say(f"Not saved. {error}", severity="error")
            return
        self.prompts = self.desk.prompts()
        self.draw_prompts()
        if self.answers:
            await self.show_prompt(len(self.prompts) - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what cannot be done now."""
        if action == "grade":
            return bool(self.answers) and parameters[0] in range(len(self.rubric))
        if action in ("skip", "note"):
            return bool(self.answers) and self.answer.gradable
        if action == "stop":
            return bool(self.answers) and self._stoppable()
        if action in (
            "run",
            "run_again",
            "move_pane",
            "move_prompt",
            "solo",
            "plain",
            "copy",
            "details",
            "undo",
        ):
            return bool(self.answers)
        return super().check_action(action, parameters)

    def _stoppable(self) -> bool:
        return self.desk.workbench.busy or isinstance(self.focused, OptionList) or self.has_class("-solo")
