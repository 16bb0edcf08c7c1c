"""Terminals that are gone, or do not take what is written: who leaves does not wait for those."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from contextlib import suppress

_LOOKING_SECONDS = 0.3
_LOOKS = 3
"""So often one after another a terminal takes nothing that is stuck; a slow one takes some in between."""
_FLUSHES, _FLUSHING_SECONDS = 50, 0.005
_STDOUT, _STDERR = 1, 2


def is_terminal(descriptor: int) -> bool:
    """False also for one that is gone."""
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def is_in_front(descriptor: int) -> bool:
    """True if this program is in the terminal's foreground; others are stopped when they change it."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:
        return False


class Terminals:
    """The terminals among this program's standard streams."""

    def __init__(self) -> None:
        self._descriptors = [each for each in (_STDOUT, _STDERR) if is_terminal(each)]
        self._watched = False
        self._has_let_go = False
        self._letting_go = threading.Lock()

    @property
    def let_go(self) -> bool:
        """True if output was thrown away; then nobody throws away what is written now."""
        with self._letting_go:
            return self._has_let_go

    def leave(self) -> None:
        """Let nobody wait for them from now on. Output that one does not take goes nowhere, at once where
        it is gone, else when it has not moved for a moment."""
        self._let_go([each for each in self._descriptors if not is_terminal(each)])
        if not self._watched:
            self._watched = True
            threading.Thread(target=self._watch, name="terminals", daemon=True).start()

    def _watch(self) -> None:
        stuck = dict.fromkeys(self._descriptors, 0)
        while True:
            time.sleep(_LOOKING_SECONDS)
            for descriptor in self._descriptors:
                stuck[descriptor] = 0 if _takes_output(descriptor) else stuck[descriptor] + 1
            if any(looks >= _LOOKS for looks in stuck.values()):
                self._let_go([descriptor for descriptor, looks in stuck.items() if looks])

    def _let_go(self, descriptors: list[int]) -> None:
        if not descriptors:
            return
        with self._letting_go, suppress(OSError):
            self._has_let_go = True
            waits, nowhere = os.dup(descriptors[0]), os.open(os.devnull, os.O_WRONLY)
            for descriptor in descriptors:
                os.dup2(nowhere, descriptor)
            for _ in range(_FLUSHES):  # so that who waits there gets through what it is at, and comes here
                throw_away_output(waits)
                time.sleep(_FLUSHING_SECONDS)
            os.close(waits)
            os.close(nowhere)


def throw_away_output(descriptor: int) -> None:
    """Drop the output that a terminal has not taken; whoever waited for that waits no more."""
    if sys.platform == "win32" or not is_in_front(descriptor):
        return
    import termios

    with suppress(OSError, termios.error):
        termios.tcflush(descriptor, termios.TCOFLUSH)
        # It may have been stopped with Ctrl-S; and only a start after a stop wakes who waits for room.
        termios.tcflow(descriptor, termios.TCOOFF)
        termios.tcflow(descriptor, termios.TCOON)


def write_without_waiting(descriptor: int, text: bytes) -> None:
    """Write to a terminal as far as it takes it. The descriptor itself is shared with whoever started us, who
    would see it changed: so it is opened once more."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        again = os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            os.write(again, text)
        finally:
            os.close(again)


def _takes_output(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        return bool(select.select([], [descriptor], [], 0)[1])
    except (OSError, ValueError):
        return False


OURS = Terminals()
