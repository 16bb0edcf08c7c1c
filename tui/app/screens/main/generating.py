"""Keys that have answers written, and stop them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.view.key_names import key_name

if TYPE_CHECKING:
    from tui.app.screens.main.stage import Stage
    from tui.grading.live_session import LiveSession

ALONE = ("-solo", "-compare")
"""Classes of the screen while it shows some of the answers."""


class Generating:
    """`session` is None where there are only stored answers."""

    def __init__(self, stage: Stage, session: LiveSession | None) -> None:
        self._stage = stage
        self._session = session

    def run(self) -> None:
        stage = self._stage
        if self._session is None or self._session.run():
            return
        sheet = stage.sheet
        if sheet and any(slot.busy for slot in sheet.slots):
            stage.telling.say("The answers to this prompt are being written.")
        else:
            more = key_name(stage.screen.app, "run-again")
            stage.telling.say(
                f"Every model has answered this prompt. {more} gives one more sample from this pane's model."
            )

    async def run_all(self) -> None:
        """Ask once, then have every model answer every prompt."""
        stage, session, missing = self._stage, self._session, list[int]()
        if session is None:
            return
        with stage.telling.store_errors():
            missing = session.missing()
            if not any(missing):
                stage.telling.say("Every model has answered every prompt.")
        if any(missing):
            await stage.screen.app.push_screen(self._question(missing), self._run_all_if)

    def _question(self, missing: list[int]) -> ConfirmScreen:
        answers, prompts = sum(missing), sum(map(bool, missing))
        lack = "1 answer is missing" if answers == 1 else f"{answers:,} answers are missing"
        to = "1 prompt" if prompts == 1 else f"{prompts:,} prompts"
        stop = key_name(self._stage.screen.app, "stop")
        return ConfirmScreen(
            "Let every model answer every prompt?",
            f"{lack}, to {to}. One prompt is answered after another, while you grade; {stop} stops it.",
        )

    def _run_all_if(self, sure: bool | None) -> None:
        if sure and self._session:
            with self._stage.telling.store_errors():
                self._session.run_all()

    def run_again(self) -> None:
        slot = self._stage.slot
        if slot and self._session and not self._session.run_again(slot.id):
            self._stage.telling.say("This answer is still being written.")

    def stop(self) -> None:
        """Stop the answer in this pane; else leave the present view, or stop all answers."""
        stage, slot, session = self._stage, self._stage.slot, self._session
        if slot is None:
            return
        if stage.in_list:
            stage.focus_pane(stage.board.current)
        elif slot.busy and session:
            session.stop(slot.id)
        elif self._is_alone:
            stage.screen.remove_class(*ALONE)
            stage.screen.refresh_bindings()
        elif stage.session.busy and session:
            session.stop_all()

    @property
    def leads_back(self) -> bool:
        """True if `stop` stops nothing now, and only leaves the present view."""
        stage, slot = self._stage, self._stage.slot
        is_busy = slot is not None and slot.busy
        return stage.in_list or (not is_busy and self._is_alone)

    @property
    def stoppable(self) -> bool:
        stage = self._stage
        return stage.session.busy or stage.in_list or self._is_alone

    @property
    def _is_alone(self) -> bool:
        return any(map(self._stage.screen.has_class, ALONE))
