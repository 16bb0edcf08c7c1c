"""A prompt of the person's own, on its way into the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.dialogs.compose_prompt import ComposePromptScreen

if TYPE_CHECKING:
    from tui.app.context import LiveContext
    from tui.app.screens.main.stage import Stage


class Writing:
    def __init__(self, stage: Stage, context: LiveContext) -> None:
        self._stage = stage
        self._context = context

    async def write(self) -> None:
        await self._stage.screen.app.push_screen(ComposePromptScreen(), self._save)

    async def _save(self, text: str | None) -> None:
        if text is None:
            return
        stage, saved = self._stage, False
        with stage.telling.store_errors("The prompt is not saved"):
            self._context.add_own_prompt(text)
            saved = True
        if not saved:  # what was written stays on the screen
            stage.screen.app.push_screen(ComposePromptScreen(text), self._save)
            return
        with stage.telling.store_errors():
            self._context.read_items()
            stage.listing.set_items()
            await stage.go_to(len(stage.session.items) - 1)
