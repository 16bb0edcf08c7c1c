"""The way to the results, and from there to an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.results.screen import ResultsScreen
from tui.app.screens.results.state import Looked
from tui.app.view.key_names import key_name
from tui.grading.sheet import Sheet

if TYPE_CHECKING:
    from tui.app.screens.main.stage import Stage
    from tui.grading.overview import Progress

QUESTION: Final = "Look at the results now?"
IS_RECORDED: Final = (
    "A look now is recorded, and printed with the figures: whoever looks may stop when they please."
)
AFTER_REVEAL: Final = "Results come after the reveal. {key} ends the blinding, for good. "
IS_GONE: Final = "This answer is not in the database any more."
BESIDE: Final = "This answer is not in the list: after a grade you are where you were."


class Resulting:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._looked = Looked()
        self._is_asked = False
        self._recorded = 0
        """How many were judged when a look was recorded last."""

    async def show(self) -> None:
        """While names are hidden, progress only; in the middle of a session, after asking once."""
        stage = self._stage
        progress = await self._progress()
        if stage.session.blind:
            key = key_name(stage.screen.app, "reveal")
            stage.telling.say(f"{AFTER_REVEAL.format(key=key)}{self._so_far(progress)}")
        elif progress and 0 < progress.judged < progress.total and not self._is_asked:
            screen = ConfirmScreen(QUESTION, f"{self._so_far(progress)}{IS_RECORDED}")
            await stage.screen.app.push_screen(screen, self._look_if)
        else:
            await self._look()

    async def _progress(self) -> Progress | None:
        session = self._stage.session
        if session.progress() is None:
            with self._stage.telling.store_errors():
                await session.count_all()
        return session.progress()

    def _so_far(self, progress: Progress | None) -> str:
        what = self._stage.session.what
        return f"You have judged {progress.judged:,} of {progress.total:,} {what}. " if progress else ""

    async def _look_if(self, sure: bool | None) -> None:
        if sure:
            self._is_asked = True
            await self._look()

    async def _look(self) -> None:
        """A look is recorded once for each state of the session, for what is judged after it of what was
        judged before is no first judgement where others judged it, too."""
        stage = self._stage
        with stage.telling.store_errors("Not saved"):
            progress = stage.session.progress()
            if progress and progress.judged and progress.judged != self._recorded:
                stage.session.look("results")
                self._recorded = progress.judged
            await stage.screen.app.push_screen(ResultsScreen(stage.context, self._looked), self._go)

    async def _go(self, response_id: str | None) -> None:
        stage = self._stage
        if response_id is None:
            return
        with stage.telling.store_errors():
            shown = await stage.lead_to(response_id)
            if isinstance(shown, Sheet):
                stage.telling.say(BESIDE)
            elif shown is None:
                stage.telling.say(IS_GONE, severity="warning")
