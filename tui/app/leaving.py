"""Leaving: the time from the wish to leave to the end of the process, which no terminal can prevent."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from tui.processes.signals import exit_code, first_calls
from tui.processes.terminals import OURS, is_in_front, throw_away_output, write_without_waiting
from tui.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.driver import Driver

SECONDS = 4.5
"""From the wish on. What is written by then is in the database."""
HUNG_UP = 129
_STDIN, _STDERR = 0, 2
_RESET = (
    b"\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""The sequences of Textual's driver when it leaves: the end of all that it had asked of the terminal."""


class Leaving:
    """For an app that was started as the program; one in a test is left as it is."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._active = False
        self._code = 0
        self._driver: Driver | None = None
        self._deadline: threading.Timer | None = None

    @contextmanager
    def watching(self, on_signal: Callable[[], bool]) -> Iterator[None]:
        """A signal calls `on_signal`, in another thread; where that gives False there is nothing to be put in
        order, and the process ends at once."""

        def signalled(_number: int) -> None:
            self.begin()
            if not on_signal():
                os._exit(exit_code())

        self._active = True
        with first_calls(signalled, second_ends=False):
            yield
        self._active = False
        if self._deadline is not None:
            self._deadline.cancel()

    @property
    def code(self) -> int:
        """Exit code of the program, if something from outside ends it."""
        return exit_code() or self._code

    def begin(self, code: int = 0) -> None:
        """Start the time limit."""
        self._code = self._code or code
        if self._active and self._deadline is None:
            OURS.leave()
            self._deadline = threading.Timer(self._seconds, self._force)
            self._deadline.daemon = True
            self._deadline.start()

    def drawing_with(self, driver: Driver | None) -> None:
        self._driver = driver

    def left(self) -> None:
        """Textual has given the terminal back, if that took it."""
        if self._active and OURS.let_go:
            self._give_back()

    def end(self, parting_words: str = "") -> None:
        """Give the terminal back, say there what a person has to know, and end the process."""
        with suppress(Exception):
            if self._driver is not None and is_in_front(_STDIN):
                self._driver.stop_application_mode()
                self._driver.close()
        self.left()
        if parting_words:
            with suppress(OSError):
                os.write(_STDERR, f"llm-grader: {safe(parting_words)}\n".encode())
        os._exit(self.code)

    def _force(self) -> None:
        self._give_back()
        os._exit(self.code)

    def _give_back(self) -> None:
        if self._driver is not None and is_in_front(_STDIN):
            throw_away_output(_STDIN)
            write_without_waiting(_STDIN, _RESET)
            _restore(getattr(self._driver, "attrs_before", None))


def _restore(attributes: list[Any] | None) -> None:
    if sys.platform != "win32" and attributes is not None:
        import termios

        with suppress(OSError, termios.error):
            termios.tcsetattr(_STDIN, termios.TCSANOW, attributes)
