"""The way back to what was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.history.screen import HistoryScreen
from tui.grading.sheet import Sheet

if TYPE_CHECKING:
    from tui.app.screens.main.stage import Stage
    from tui.grading.history import Entry

IS_GONE = "This answer is not in the database any more."
BESIDE = "This answer is not in the list: after a grade you are where you were."


class Recalling:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def history(self) -> None:
        await self._stage.screen.app.push_screen(HistoryScreen(self._stage.context), self._go)

    async def _go(self, entry: Entry | None) -> None:
        if entry is None:
            return
        stage = self._stage
        with stage.telling.store_errors():
            shown = await stage.lead_to(entry.subject)
            if isinstance(shown, Sheet):
                stage.telling.say(BESIDE)
            elif shown is None:
                stage.telling.say(IS_GONE, severity="warning")
