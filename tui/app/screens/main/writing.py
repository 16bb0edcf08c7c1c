"""A prompt of the person's own, on its way into the list, to another text, or out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.screens.dialogs.compose_prompt import ComposePromptScreen, Draft
from tui.catalogue.own_prompt import OwnPrompt

if TYPE_CHECKING:
    from tui.app.context import LiveContext
    from tui.app.screens.main.stage import Stage


class Writing:
    def __init__(self, stage: Stage, context: LiveContext) -> None:
        self._stage = stage
        self._context = context

    async def write(self, *, outside: bool = False) -> None:
        """Edit the own prompt that is on the sheet, or write a new one."""
        own = self._own
        draft = Draft.of_own(own) if own else Draft()
        await self._stage.screen.app.push_screen(ComposePromptScreen(draft, outside=outside), self._take)

    @property
    def _own(self) -> OwnPrompt | None:
        session = self._stage.session
        prompt = session.items[session.place].prompt if session.items else None
        return prompt if isinstance(prompt, OwnPrompt) else None

    async def _take(self, result: Draft | OwnPrompt | None) -> None:
        if isinstance(result, OwnPrompt):
            await self._remove(result)
        elif result is not None:
            await self._save(result)

    async def _save(self, draft: Draft) -> None:
        stage, number = self._stage, 0
        with stage.telling.store_errors("The prompt is not saved"):
            number = self._context.save_own_prompt(
                draft.text, of=draft.of, input_=draft.input, levels=draft.levels
            )
        if not number:  # what was written stays on the screen
            stage.screen.app.push_screen(ComposePromptScreen(draft), self._take)
            return
        with stage.telling.store_errors():
            self._read_items()
            await stage.go_to(self._context.place_of_own(number))

    async def _remove(self, own: OwnPrompt) -> None:
        stage, removed = self._stage, False
        with stage.telling.store_errors("The prompt is not removed"):
            self._context.remove_own_prompt(own)
            removed = True
        if removed:
            with stage.telling.store_errors():
                self._read_items()
                await stage.go_to(stage.session.place)

    def _read_items(self) -> None:
        self._context.read_items()
        self._stage.listing.set_items()
