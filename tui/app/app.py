"""The Textual application: wiring, theme, and leaving."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.widgets import Static

from tui.app.input_order import OrderedInput
from tui.app.key_names import key_name
from tui.app.pace import LEAST_SECONDS
from tui.app.remembered import remember_theme, remembered_theme
from tui.errors import GraderError
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from tui.app.desk import Desk, Opened

DEFAULT_THEME = "textual-dark"
LIGHT_THEME = "textual-light"
STDIN = 0
OPENING = " llm-grader · opening …"


class GraderApp(OrderedInput):
    """Shows itself at once, then opens the desk: what that imports and reads takes longer than Textual.

    `failure` is what went wrong with opening; the app has ended then, for its caller to say so.
    """

    TITLE = "llm-grader"
    ENABLE_COMMAND_PALETTE = True
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        open_desk: Callable[[], Opened],
        *,
        grace_seconds: float = 0.25,
        least_seconds: float = LEAST_SECONDS,
    ) -> None:
        super().__init__()
        self.desk: Desk | None = None
        self.failure: GraderError | None = None
        self._open_desk = open_desk
        self._grace_seconds = grace_seconds
        self._least_seconds = least_seconds
        self._leaving = False
        self._ending: asyncio.Task[None] | None = None

    def on_mount(self) -> None:
        self._leave_on_signals()
        if (theme := remembered_theme()) in self.available_themes:
            self.theme = theme
        self.call_after_refresh(self._open)

    def compose(self) -> ComposeResult:
        yield Static(OPENING, markup=False)

    def _open(self) -> None:
        try:
            opened = self._open_desk()
        except GraderError as error:
            self.failure = error
            self.exit(return_code=error.exit_code)
            return
        from tui.app.screens.main import MainScreen

        self.desk = opened.desk
        self._use_theme(opened.theme)
        self.theme_changed_signal.subscribe(self, lambda theme: remember_theme(theme.name))
        self.set_keymap(dict(opened.keys))
        self.push_screen(
            MainScreen(self.desk, grace_seconds=self._grace_seconds, least_seconds=self._least_seconds)
        )

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """A toast quotes names of files and what SQLite said of them: it is text, whoever asks for it, and
        whatever `markup` says: a widget's own notify asks for markup."""
        super().notify(safe(message), title=title, severity=severity, timeout=timeout, markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the screen, then Textual's own commands."""
        from tui.app.screens.main import MainScreen
        from tui.app.screens.models import ModelsScreen

        if isinstance(screen, MainScreen | ModelsScreen):
            yield from _actions(screen)
        yield SystemCommand(
            "Light or dark", "Switch between the light and the dark theme", self.action_light_dark
        )
        yield from super().get_system_commands(screen)

    def action_light_dark(self) -> None:
        self.theme = DEFAULT_THEME if self.theme == LIGHT_THEME else LIGHT_THEME

    async def action_quit(self) -> None:
        """Leave; with answers still being written, after asking once."""
        from tui.app.screens.confirm import ConfirmScreen

        if self._leaving or isinstance(self.screen, ConfirmScreen):
            return
        if self.desk is not None and self.desk.workbench.busy:
            question = ConfirmScreen(
                "Answers are still being written. Quit?",
                "What is written so far is kept, marked as stopped. Grades are saved already.",
            )
            self.push_screen(question, self._leave_if)
        else:
            await self._leave()

    def action_help_quit(self) -> None:
        """Textual's own answer to Ctrl+C."""
        self.notify(f"Press {key_name(self, 'quit')} to quit.")

    async def _leave_if(self, sure: bool | None) -> None:
        if sure:
            await self._leave()

    async def _leave(self, return_code: int = 0) -> None:
        self._leaving = True
        await self._close()
        self.exit(return_code=return_code)

    async def _close(self) -> None:
        if self.desk is not None:
            await self.desk.close()

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
                await self._close()
            finally:
                os._exit(1)

    def _use_theme(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        elif name:
            self.notify(f"There is no theme {name!r}; using {self.theme}.", severity="warning")


def _actions(screen: Screen[None]) -> Iterable[SystemCommand]:
    # By action: a binding of several keys is there once for each.
    active = {each.binding.action: each for each in screen.active_bindings.values()}
    for action, (_, binding, enabled, _) in active.items():
        if enabled and binding.tooltip and action.partition(".")[0] != "app":
            yield SystemCommand(binding.description, binding.tooltip, partial(screen.run_action, action))
