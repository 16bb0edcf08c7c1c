"""The end of a session: said where the last answer was judged, with the ways on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.dialogs.agreement import AgreementScreen
from tui.app.screens.dialogs.end import Ended, EndScreen
from tui.app.view.key_names import key_name

if TYPE_CHECKING:
    from tui.app.screens.main.stage import Stage


class Finishing:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def show(self) -> None:
        """The end of a session over stored answers; where answers are written too, one line."""
        stage, ended = self._stage, None
        with stage.telling.store_errors():
            if waiting := stage.session.look_again():
                await stage.follow(waiting)
                stage.telling.say("This answer waits: another window took its grade back.")
                return
            ending = stage.session.ending()
            if ending is None:
                stage.telling.say(self._nothing_left)
            else:
                pairs = stage.session.compares
                ended = Ended(ending, stage.session.agreement(), stage.context.options, pairs)
        if ended is not None:
            await stage.screen.app.push_screen(EndScreen(ended), self._go_on)

    @property
    def _nothing_left(self) -> str:
        progress = self._stage.session.progress()
        look, leave = (key_name(self._stage.screen.app, id_) for id_ in ("history", "quit"))
        if progress and progress.judged == progress.total:
            return f"Everything is graded. {look} looks back, {leave} quits."
        return "No answer waits for a grade. Prompts without one are marked with a dot."

    async def _go_on(self, chosen: str | None) -> None:
        screen = self._stage.screen
        if chosen == "quit":
            await screen.run_action("app.quit")
        elif chosen == "agreement":
            await self._show_agreement()
        elif chosen:
            await screen.run_action(chosen)

    async def _show_agreement(self) -> None:
        beside = None
        with self._stage.telling.store_errors():
            beside = self._stage.session.agreement()
        if beside:
            await self._stage.screen.app.push_screen(AgreementScreen(beside), self._look_again)

    async def _look_again(self, response_id: str | None) -> None:
        stage = self._stage
        if response_id is None:
            await self.show()
            return
        with stage.telling.store_errors():
            await stage.lead_to(response_id)
