"""Keys that hide who wrote what, and show it for good."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.main.bars import TopBar
from tui.app.view.key_names import key_name

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.app.screens.main.stage import Stage
    from tui.grading.live_session import LiveSession

QUESTION = "Show which model wrote each answer?"
FOR_GOOD = (
    "This cannot be taken back: it ends the blinding of this session for good, and what you judge in it from"
    " then on counts as judged after the reveal."
)
GUESS_FIRST = "\nYou have not guessed who wrote what: n goes back, and g guesses first."
HIDDEN_MODELS = "The models are hidden while you grade blind. {key} ends that, for good."


class Revealing:
    """`session` is None where there are only stored answers, which are blind from the beginning or not."""

    def __init__(self, stage: Stage, session: LiveSession | None) -> None:
        self._stage = stage
        self._session = session

    async def hide(self) -> None:
        """Grade blind from now on."""
        stage, session = self._stage, self._session
        if stage.session.blind:
            stage.telling.say(f"You grade blind already. {self._key} ends that, for good.")
        elif session is None:
            stage.telling.say("This session was begun with names. A new one is blind: llm-grader grade --new")
        else:
            with stage.telling.store_errors():
                session.make_blind()
            if session.blind:
                await self._deal_anew()
                stage.telling.say(f"Who wrote what is hidden from now on. {self._key} shows it, for good.")

    async def reveal(self, then: Callable[[], Awaitable[None]] | None = None) -> None:
        """Ask once, then show who wrote what. At the end of a session the way goes on with `then`, and the
        question names the guess that can be made before."""
        stage = self._stage
        if not stage.session.blind:
            stage.telling.say("Nothing is hidden.")
            return
        progress, words = stage.session.progress(), ""
        if progress:
            words = f"You have judged {progress.judged:,} of {progress.total:,} {stage.session.what}. "
        words += FOR_GOOD
        with stage.telling.store_errors():
            if then and stage.session.to_guess() and not stage.session.has_guessed:
                words += GUESS_FIRST
        screen = ConfirmScreen(QUESTION, words)
        await stage.screen.app.push_screen(screen, partial(self._reveal_if, then))

    def says_hidden(self) -> bool:
        """Say, where it is so, that the models are hidden."""
        if self._stage.session.blind:
            self._stage.telling.say(HIDDEN_MODELS.format(key=self._key))
        return self._stage.session.blind

    async def _reveal_if(self, then: Callable[[], Awaitable[None]] | None, sure: bool | None) -> None:
        if sure:
            await self._reveal()
        if then:
            await then()

    async def _reveal(self) -> None:
        stage = self._stage
        with stage.telling.store_errors():
            stage.session.reveal()
            if stage.session.blind:
                stage.telling.say(f"Another session of yours is blind, too. {self._key} reveals that one.")
        await self._deal_anew()

    async def _deal_anew(self) -> None:
        stage = self._stage
        stage.listing.forget()
        stage.draw_title()
        stage.screen.query_one(TopBar).set_download("")
        await stage.go_to(stage.session.place)
        stage.screen.refresh_bindings()

    @property
    def _key(self) -> str:
        return key_name(self._stage.screen.app, "reveal")
