"""SIGINT, SIGTERM and SIGHUP from the first line of the program on: what ends it, and with which exit code.

The exit code is 128 and the signal's number, whatever was going on. A thread hears of a signal from the
system itself, so that it counts also while the main thread is held up by a terminal or a database.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.processes.terminals import OURS, is_terminal, write_without_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
SIGNALS = tuple(getattr(signal, name) for name in _NAMES if hasattr(signal, name))
TIDYING_SECONDS = 10.0
"""The time between the exception that a signal raises and the end of the program."""
_ECHO_SECONDS = 0.5
"""A closed window arrives twice, from the system and from the shell: that is one wish."""
_STDERR = 2
_SHOW_CURSOR = b"\x1b[?25h"


class Ended(KeyboardInterrupt):
    """A signal asked for the end of this program."""


class _Mode(NamedTuple):
    """The effect of the first signal, if it does not end the program at once, and of the second."""

    calls: Callable[[int], None] | None = None
    raises: bool = False
    second_ends: bool = True


class _Signals:
    def __init__(self) -> None:
        self.number = 0
        """The number of the first signal that came."""
        self.mode = _Mode()
        self.listening = False
        self._heard_at = 0.0
        self._raised = False
        self._before: dict[int, Any] = {}
        self._pipe: tuple[int, int] | None = None
        self._wakeup = -1

    def start(self) -> None:
        self.number, self._heard_at, self._raised = 0, 0.0, False
        self.listening = True
        if sys.platform != "win32":  # there an event loop takes the wakeup descriptor for its own
            self._be_told()
        for number in SIGNALS:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:  # nohup, or a shell's background: whoever started us wants that
                self._before[number] = before
                signal.signal(number, self._in_main_thread)

    def _be_told(self) -> None:
        self._pipe = reading, writing = _pipe_beside_the_streams()
        os.set_blocking(writing, False)
        threading.Thread(target=self._listen, args=(reading,), name="signals", daemon=True).start()
        self._wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def stop(self) -> None:
        self.listening = False
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before.clear()
        if self._pipe is not None:
            signal.set_wakeup_fd(self._wakeup)
            os.close(self._pipe[1])  # which ends the thread, and that closes the other end
            self._pipe = None

    def _listen(self, reading: int) -> None:
        while came := os.read(reading, 1):
            if came[0] in self._before:
                self._arrived(came[0])
        os.close(reading)

    def _in_main_thread(self, number: int, _frame: FrameType | None) -> None:
        self.number = self.number or number
        if sys.platform == "win32":
            self._arrived(number)
        if self.mode.second_ends and signal.SIGINT in self._before:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # the next ends us, however busy this thread is
        if self.mode.raises and not self._raised:
            self._raised = True
            raise Ended

    def _arrived(self, number: int) -> None:
        self.number = self.number or number
        if not self._heard_at:
            self._first()
        elif self.mode.second_ends and (number == signal.SIGINT or not self._is_echo()):
            end_at_once()

    def _first(self) -> None:
        self._heard_at = time.monotonic()
        if self.mode == _Mode():
            end_at_once()
        OURS.leave()
        if self.mode.calls is not None:
            self.mode.calls(self.number)
        else:
            end_within(TIDYING_SECONDS)

    def _is_echo(self) -> bool:
        return time.monotonic() - self._heard_at < _ECHO_SECONDS


_signals = _Signals()


def listen() -> None:
    """Listen from now on: a signal ends the program at once, unless a function below says otherwise."""
    if not _signals.listening:
        _signals.start()


def exit_code() -> int:
    """The exit code of a program that a signal has ended; 0 where none came."""
    return 128 + _signals.number if _signals.number else 0


@contextmanager
def first_calls(function: Callable[[int], None], *, second_ends: bool = True) -> Iterator[None]:
    """The first signal calls a function with its number, in a thread that is not the main one; the second
    ends the program at once. To be entered in the main thread; does nothing in others."""
    with _in_mode(_Mode(calls=function, second_ends=second_ends)):
        yield


@contextmanager
def interrupting() -> Iterator[None]:
    """The first signal raises Ended, a KeyboardInterrupt, in the main thread; the second ends the program at
    once, and so does a time limit if the first has no effect."""
    before = sys.unraisablehook

    def unraisable(raised: sys.UnraisableHookArgs) -> None:
        if isinstance(raised.exc_value, Ended):  # where Python can only report it, it would be lost
            end_at_once()
        before(raised)

    sys.unraisablehook = unraisable
    try:
        with _in_mode(_Mode(raises=True)):
            yield
    finally:
        sys.unraisablehook = before


@contextmanager
def _in_mode(mode: _Mode) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    listening, before = _signals.listening, _signals.mode
    _signals.mode = mode
    if not listening:
        _signals.start()
    try:
        yield
    finally:
        _signals.mode = before
        if not listening:
            _signals.stop()


def end_within(seconds: float, code: int = 0) -> None:
    """End the program then, with a code where no signal gives one, if it has not ended."""
    timer = threading.Timer(seconds, end_at_once, args=(code,))
    timer.daemon = True
    timer.start()


def end_at_once(code: int = 0) -> None:
    """Whatever any thread is doing. Processes that we started end with us."""
    if _signals.mode.raises and is_terminal(_STDERR) and os.environ.get("TERM", "dumb") != "dumb":
        write_without_waiting(_STDERR, _SHOW_CURSOR)  # a progress bar has hidden it
    os._exit(exit_code() or code)


def _pipe_beside_the_streams() -> tuple[int, int]:
    """A pipe that takes no closed standard stream's number: what is printed there would come here."""
    if sys.platform == "win32":
        return os.pipe()
    import fcntl

    pipe = os.pipe()
    reading, writing = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _STDERR + 1) for end in pipe)
    for end in pipe:
        os.close(end)
    return reading, writing
