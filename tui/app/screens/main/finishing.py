"""The end of a session: said where the last answer was judged, with the ways on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.dialogs.agreement import AgreementScreen
from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.dialogs.end import Ended, EndScreen
from tui.app.screens.dialogs.guess import GuessScreen
from tui.app.view.key_names import key_name
from tui.grading.agreement import LOOKING, LOOKING_IS_RECORDED

if TYPE_CHECKING:
    from tui.app.screens.main.revealing import Revealing
    from tui.app.screens.main.stage import Stage


class Finishing:
    def __init__(self, stage: Stage, revealing: Revealing) -> None:
        self._stage = stage
        self._revealing = revealing
        self._has_looked = False

    async def show(self) -> None:
        """The end of a session over stored answers; where answers are written too, one line."""
        stage, ended = self._stage, None
        with stage.telling.store_errors():
            if waiting := stage.session.look_again():
                await stage.follow(waiting)
                stage.telling.say("This answer waits: another window took its grade back.")
                return
            ended = self._ended()
            if ended is None:
                stage.telling.say(self._nothing_left)
        if ended is not None:
            await stage.screen.app.push_screen(EndScreen(ended), self._go_on)

    def _ended(self) -> Ended | None:
        session = self._stage.session
        ending = session.ending()
        return ending and Ended(
            ending,
            is_beside=bool(session.agreement()),
            options=self._stage.context.options,
            as_grader=self._stage.context.as_grader,
            blind=session.blind,
            to_guess=len(session.to_guess()),
            guessed=session.guessed(),
            pairs=session.compares,
        )

    @property
    def _nothing_left(self) -> str:
        progress = self._stage.session.progress()
        look, leave = (key_name(self._stage.screen.app, id_) for id_ in ("history", "quit"))
        if progress and progress.judged == progress.total:
            return f"Everything is graded. {look} looks back, {leave} quits."
        return "No answer waits for a grade. Prompts without one are marked with a dot."

    async def _go_on(self, chosen: str | None) -> None:
        screen = self._stage.screen
        match chosen:
            case "quit":
                await screen.run_action("app.quit")
            case "agreement":
                await self._ask_to_look()
            case "guess":
                await self._show_guesses()
            case "reveal":
                await self._revealing.reveal(self.show)
            case str() if chosen:
                await screen.run_action(chosen)

    async def _show_guesses(self) -> None:
        stage = self._stage
        with stage.telling.store_errors():
            screen = GuessScreen(stage.session.to_guess(), stage.session.guessable(), self._guess)
            await stage.screen.app.push_screen(screen, self._end_again)

    def _guess(self, response_id: str, model: str) -> bool:
        with self._stage.telling.store_errors("Not saved"):
            self._stage.session.guess(response_id, model)
            return True
        return False

    async def _end_again(self, _: object) -> None:
        await self.show()

    async def _ask_to_look(self) -> None:
        """Before the reveal a look is one at results: it asks once."""
        session, app = self._stage.session, self._stage.screen.app
        if session.blind and not self._has_looked:
            progress = session.progress()
            far = ""
            if progress:
                far = f"You have judged {progress.judged:,} of {progress.total:,} {session.what}. "
            await app.push_screen(ConfirmScreen(LOOKING, far + LOOKING_IS_RECORDED), self._look_if)
        else:
            await self._look()

    async def _look_if(self, sure: bool | None) -> None:
        if sure:
            self._has_looked = True
            await self._look()
        else:
            await self.show()

    async def _look(self) -> None:
        beside = None
        with self._stage.telling.store_errors():
            self._stage.session.look("others")
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
