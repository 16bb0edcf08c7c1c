"""The Textual application: wiring, theme, and leaving."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand

from tui.app.remembered import remember_theme, remembered_theme
from tui.app.screens.confirm import ConfirmScreen
from tui.app.screens.main import MainScreen
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from tui.app.desk import Desk

DEFAULT_THEME = "textual-dark"
LIGHT_THEME = "textual-light"
STDIN = 0


class GraderApp(App[None]):
    TITLE = "llm-grader"
    ENABLE_COMMAND_PALETTE = True
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        desk: Desk,
        *,
        theme: str = "",
        keys: Mapping[str, str] | None = None,
        grace_seconds: float = 0.25,
    ) -> None:
        super().__init__()
        self.desk = desk
        self._chosen_theme = theme
        self._keys = dict(keys or {})
        self._grace_seconds = grace_seconds
        self._leaving = False
        self._ending: asyncio.Task[None] | None = None

    def on_mount(self) -> None:
        self._leave_on_signals()
        self._use_theme(self._chosen_theme or remembered_theme() or DEFAULT_THEME)
        self.theme_changed_signal.subscribe(self, lambda theme: remember_theme(theme.name))
        self.set_keymap(self._keys)
        self.push_screen(MainScreen(self.desk, grace_seconds=self._grace_seconds))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """A toast quotes names of files and what SQLite said of them: it is text, whoever asks for it."""
        super().notify(safe(message), title=title, severity=severity, timeout=timeout, markup=markup)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the screen, then Textual's own commands."""
        if isinstance(screen, MainScreen):
            yield from _actions(screen)
        yield SystemCommand(
            "Light or dark", "Switch between the light and the dark theme", self.action_light_dark
        )
        yield from super().get_system_commands(screen)

    def action_light_dark(self) -> None:
        self.theme = DEFAULT_THEME if self.theme == LIGHT_THEME else LIGHT_THEME

    async def action_quit(self) -> None:
        """Leave; with answers still being written, after asking once."""
        if self._leaving or isinstance(self.screen, ConfirmScreen):
            return
        if self.desk.workbench.busy:
            question = ConfirmScreen(
                "Answers are still being written. Quit?",
                "What is written so far is kept, marked as stopped. Grades are saved already.",
            )
            self.push_screen(question, self._leave_if)
        else:
            await self._leave()

    def action_help_quit(self) -> None:
        """Textual's own answer to Ctrl+C."""
        self.notify("Press q to quit.")

    async def _leave_if(self, sure: bool | None) -> None:
        if sure:
            await self._leave()

    async def _leave(self, return_code: int = 0) -> None:
        self._leaving = True
        await self.desk.workbench.close()
        self.exit(return_code=return_code)

    def _leave_on_signals(self) -> None:
        """A shutdown (SIGTERM) and a closed terminal window (SIGHUP) keep what is written, as `q` does."""
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self._leave_at_once, number)

    def _leave_at_once(self, number: int) -> None:
        if not self._leaving:
            self._leaving = True
            leave = self._leave(128 + number) if os.isatty(STDIN) else self._leave_without_terminal()
            self._ending = asyncio.create_task(leave)

    async def _leave_without_terminal(self) -> None:
        # Textual's writing thread died with the terminal; who draws now, or leaves as usual, waits for it.
        with self.batch_update():
            try:
                await self.desk.workbench.close()
            finally:
                os._exit(1)

    def _use_theme(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        else:
            self.notify(f"There is no theme {name!r}; using {DEFAULT_THEME}.", severity="warning")
            self.theme = DEFAULT_THEME


def _actions(screen: MainScreen) -> Iterable[SystemCommand]:
    for _, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.tooltip and binding.action.partition(".")[0] != "app":
            run = partial(screen.run_action, binding.action)
            yield SystemCommand(binding.description, binding.tooltip, run)
