"""The Textual application: wiring, theme, and leaving."""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.widgets import Static
from textual.worker import WorkerFailed

from tui.app.commands import actions_of
from tui.app.input_order import OrderedInput
from tui.app.leaving import HUNG_UP, Leaving
from tui.app.pace import LEAST_SECONDS
from tui.app.remembered import remember_theme, remembered_theme
from tui.app.terminal.frames import harmless
from tui.app.terminal.output import HarmlessConsole, gate_output
from tui.app.themes import DARK, LIGHT
from tui.app.unblocked import never_waiting
from tui.app.view.key_names import key_name
from tui.errors import GraderError
from tui.processes.terminals import is_terminal
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from rich.console import RenderableType
    from textual.app import ComposeResult
    from textual.driver import Driver
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from tui.app.context import AppContext, Choice, Opened

DEFAULT_THEME = DARK.name
LIGHT_THEME = LIGHT.name
STDIN = 0
OPENING = " llm-grader · opening …"
WHICH = "What do you want to grade?"
_LOOKING_SECONDS = 1.0


class GraderApp(OrderedInput):
    """Shows itself at once, then opens what it works with, which takes longer to import and read.

    `failure` is what went wrong, with opening or later; the app has ended then, for its caller to say so.
    """

    TITLE = "llm-grader"
    # What is behind a dialog stays in sight, and so it has to be as it was.
    CSS = """
    ModalScreen, CommandPalette { background: transparent; }
    CommandPalette SearchIcon { color: $foreground; }
    """
    ENABLE_COMMAND_PALETTE = True
    ESCAPE_TO_MINIMIZE = False

    def __init__(
        self,
        open_context: Callable[[], Opened],
        *,
        grace_seconds: float = 0.25,
        least_seconds: float = LEAST_SECONDS,
    ) -> None:
        super().__init__()
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.stylesheet.set_variables(self.get_css_variables())  # one of them is in use already
        self.error_console = HarmlessConsole(markup=False, highlight=False, stderr=True)
        self.context: AppContext | None = None
        self.failure: Exception | None = None
        self._open_context = open_context
        self._grace_seconds = grace_seconds
        self._least_seconds = least_seconds
        self._leaving = False
        self._limits = Leaving()
        self._ending: asyncio.Task[None] | None = None
        self._first_screen: Awaitable[None] | None = None

    def run(self, *arguments: Any, **options: Any) -> None:
        """Run as the whole program: a signal to it closes the app in good order, within some seconds."""
        self.driver_class = never_waiting(self.driver_class)
        with self._limits.watching(self._leave_soon):
            super().run(*arguments, **options)
            self._limits.left()
            self._return_code = self._limits.code or self._return_code

    def exit(self, *arguments: Any, **options: Any) -> None:
        self._limits.begin()
        super().exit(*arguments, **options)

    def get_driver_class(self) -> type[Driver]:
        """The platform's, with a gate before the terminal."""
        return gate_output(super().get_driver_class())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Everything that is drawn comes by here, the last time that text and escape sequences are apart."""
        super()._display(screen, None if renderable is None else harmless(renderable))

    def on_mount(self) -> None:
        self._limits.drawing_with(self._driver)
        if not self.is_headless:
            self.set_interval(_LOOKING_SECONDS, self._look_for_the_terminal)
        if (theme := remembered_theme()) in self.available_themes:
            self.theme = theme
        self.call_after_refresh(self._open)

    def compose(self) -> ComposeResult:
        yield Static(OPENING, markup=False)

    def _open(self) -> None:
        try:
            opened = self._open_context()
        except Exception as error:
            self._fail(error)
            return
        self._use_theme(opened.theme)
        self.theme_changed_signal.subscribe(self, lambda theme: remember_theme(theme.name))
        self.set_keymap(dict(opened.keys))
        if opened.context is not None:
            self._show(opened.context)
        else:
            self._ask(opened.choices)

    def _ask(self, choices: Sequence[Choice]) -> None:
        from tui.app.screens.dialogs.choice import ChoiceScreen

        def take(chosen: int | None) -> None:
            if chosen is not None:
                self._open_chosen(choices, choices[chosen])

        screen = ChoiceScreen(WHICH, [(each.title, each.words) for each in choices])
        self._first_screen = self.push_screen(screen, take)

    def _open_chosen(self, choices: Sequence[Choice], chosen: Choice) -> None:
        try:
            context = chosen.open()
        except Exception as error:
            self._fail(error)
            return
        if context is not None:
            self._show(context)
        else:
            self._ask(choices)
            self.notify("All of these answers are graded.")

    def _fail(self, error: Exception) -> None:
        self.failure = error
        self.exit(return_code=error.exit_code if isinstance(error, GraderError) else 1)

    def _show(self, context: AppContext) -> None:
        from tui.app.screens.main.screen import MainScreen

        self.context = context
        self._first_screen = self.push_screen(
            MainScreen(context, grace_seconds=self._grace_seconds, least_seconds=self._least_seconds)
        )
        if not self.is_headless:
            gc.freeze()  # what was imported stays: to look through it takes 60 ms, in the middle of a key

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

    def _fatal_error(self) -> None:
        """Textual's own would print a traceback with everybody's texts in it."""
        error = self._exception.error if isinstance(self._exception, WorkerFailed) else self._exception
        if self.failure is None and isinstance(error, Exception):
            self.failure = error
        self._close_messages_no_wait()

    async def _shutdown(self) -> None:
        """Keep what was written so far, also after a failure."""
        if self.failure is not None and not self._leaving:
            self._leaving = True
            self._limits.begin(1)
            with suppress(Exception):  # the person reads the failure, not what came of it
                await self._close()
        await super()._shutdown()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the screen, then Textual's own commands."""
        from tui.app.screens.main.screen import MainScreen
        from tui.app.screens.models.screen import ModelsScreen
        from tui.app.screens.results.screen import ResultsScreen

        if isinstance(screen, MainScreen | ModelsScreen | ResultsScreen):
            yield from actions_of(screen)
        yield SystemCommand(
            "Light or dark", "Switch between the light and the dark theme", self.action_light_dark
        )
        yield from super().get_system_commands(screen)

    def action_light_dark(self) -> None:
        self.theme = DEFAULT_THEME if self.theme == LIGHT_THEME else LIGHT_THEME

    async def action_quit(self) -> None:
        """Leave; with answers or a text still being written, after asking once."""
        from tui.app.screens.dialogs.confirm import ConfirmScreen

        if self._leaving or isinstance(self.screen, ConfirmScreen):
            return
        if self.context is not None and self.context.session.busy:
            question = ConfirmScreen(
                "Answers are still being written. Quit?",
                "What is written so far is kept, marked as stopped. Grades are saved already."
                + " What you have just written is not, and would be lost." * self._has_unsaved_text(),
            )
            self.push_screen(question, self._leave_if)
        elif self._has_unsaved_text():
            question = ConfirmScreen("What you have just written is not saved. Quit?", "It would be lost.")
            self.push_screen(question, self._leave_if)
        else:
            await self._leave()

    def _has_unsaved_text(self) -> bool:
        from tui.app.widgets.safe_input import SafeTextArea

        areas = (area for screen in self.screen_stack for area in screen.query(SafeTextArea))
        return any(area.is_changed for area in areas)

    def action_suspend_process(self) -> None:
        if sys.platform == "win32" or self._driver is None or not self._driver.can_suspend:
            self.notify("This terminal cannot suspend a program.")
        else:
            super().action_suspend_process()

    def action_help_quit(self) -> None:
        """Textual's own answer to Ctrl+C."""
        self.notify(f"Press {key_name(self, 'quit')} to quit.")

    async def _leave_if(self, sure: bool | None) -> None:
        if sure:
            await self._leave()

    async def _leave(self) -> None:
        self._leaving = True
        self._limits.begin()
        await self._close()
        if self._first_screen is not None:
            await self._first_screen  # while that mounts, its widgets are not to go
        self.exit()

    async def _close(self) -> None:
        if self.context is not None:
            await self.context.close()

    def _leave_soon(self) -> bool:
        """Called from any thread. A shutdown (SIGTERM) and a closed window (SIGHUP) keep what is written, as
        `q` does. False where nothing is open yet."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has just ended
                self._loop.call_soon_threadsafe(self._leave_at_once)
        return self._loop is not None or self._exit

    def _look_for_the_terminal(self) -> None:
        """Whoever started us may keep SIGHUP from us."""
        if not is_terminal(STDIN):
            self._limits.begin(HUNG_UP)
            self._leave_at_once()

    def _leave_at_once(self) -> None:
        if not self._leaving:
            self._leaving = True
            with self._context():
                self._ending = asyncio.create_task(self._leave_without_screen())

    async def _leave_without_screen(self) -> None:
        """Widgets that are being mounted, or wait for a terminal, are left as they are."""
        with self.batch_update():
            try:
                await self._close()
                if self.context is not None:
                    self.context.store.close()
            finally:
                self._limits.drawing_with(self._driver)
                self._limits.end(self.context.parting_words if self.context is not None else "")

    def _use_theme(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        elif name:
            self.notify(f"There is no theme {name!r}; using {self.theme}.", severity="warning")
