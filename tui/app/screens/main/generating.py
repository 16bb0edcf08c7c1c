"""Keys that have answers written, and stop them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.view.key_names import key_name

if TYPE_CHECKING:
    from tui.app.screens.main.stage import Stage


class Generating:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def run(self) -> None:
        stage = self._stage
        if stage.session.run():
            return
        sheet = stage.sheet
        if sheet and any(slot.busy for slot in sheet.slots):
            stage.telling.say("The answers to this prompt are being written.")
        else:
            more = key_name(stage.screen.app, "run-again")
            stage.telling.say(
                f"Every model has answered this prompt. {more} gives one more sample from this pane's model."
            )

    def run_again(self) -> None:
        slot = self._stage.slot
        if slot and not self._stage.session.run_again(slot.id):
            self._stage.telling.say("This answer is still being written.")

    def stop(self) -> None:
        """Stop the answer in this pane; else leave the present view, or stop all answers."""
        stage, slot = self._stage, self._stage.slot
        if slot is None:
            return
        if stage.in_list:
            stage.focus_pane(stage.board.current)
        elif slot.busy:
            stage.session.stop(slot.id)
        elif stage.screen.has_class("-solo"):
            stage.screen.remove_class("-solo")
            stage.screen.refresh_bindings()
        elif stage.session.busy:
            stage.session.stop_all()

    @property
    def leads_back(self) -> bool:
        """True if `stop` stops nothing now, and only leaves the present view."""
        stage, slot = self._stage, self._stage.slot
        is_busy = slot is not None and slot.busy
        return stage.in_list or (not is_busy and stage.screen.has_class("-solo"))

    @property
    def stoppable(self) -> bool:
        stage = self._stage
        return stage.session.busy or stage.in_list or stage.screen.has_class("-solo")
