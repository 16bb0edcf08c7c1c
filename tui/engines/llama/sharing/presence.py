"""Presence: activities of the program's processes on this machine, shown to the others."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from filelock import Timeout

from tui.paths import make_folder
from tui.processes.locks import system_lock

if TYPE_CHECKING:
    from pathlib import Path

    from filelock import FileLock

Activity = Literal["answering", "short", "holding"]
"""answering: somebody at the app waits for answers; short: somebody waits for memory; holding: there are
weights in memory."""

_ACQUIRING_SECONDS = 1.0


class Presence:
    """Each activity is a locked file in a folder that all processes share.

    The operating system lets go of the lock when a process ends, however it does, so that nobody is waited
    for in vain. Where no file can be locked, processes do not know of each other, and work all the same.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._name = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._locks: dict[Activity, FileLock] = {}

    def show(self, activity: Activity, does: bool) -> None:
        """Show whether this process does it from now on."""
        if does and activity not in self._locks:
            self._begin(activity)
        elif not does and activity in self._locks:
            self._end(self._locks.pop(activity))

    def elsewhere(self, activity: Activity) -> bool:
        """True if another process does it."""
        try:
            files = list(self._folder.glob(f"{activity}-*.lock"))
        except OSError:
            return False
        return any(_held(file) for file in files if self._name not in file.name)

    def _begin(self, activity: Activity) -> None:
        with suppress(OSError, Timeout, NotImplementedError):
            make_folder(self._folder)
            # Another name each time: who looks at the one before may be about to delete it.
            lock = system_lock(self._folder / f"{activity}-{self._name}-{uuid.uuid4().hex}.lock")
            lock.acquire(timeout=_ACQUIRING_SECONDS)  # a moment may be taken by a process that looks at it
            self._locks[activity] = lock

    @staticmethod
    def _end(lock: FileLock) -> None:
        file = lock.lock_file
        with suppress(OSError):
            lock.release()
        with suppress(OSError):
            os.unlink(file)  # noqa: PTH108 - the lock knows it as a string


def _held(file: Path) -> bool:
    lock = system_lock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False
    with suppress(OSError):
        file.unlink()  # whoever left it has died
    with suppress(OSError):
        lock.release()
    return False
