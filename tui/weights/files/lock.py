"""One process at a time works on a file.

The operating system holds the lock and lets go of it when the process dies, however it dies: the file that is
left then locks nothing.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from tui.paths import make_shared_folder
from tui.weights.errors import disk_failures
from tui.weights.events import Waiting
from tui.weights.files.layout import LOCK, beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.weights.control import Control

_BETWEEN_TRIES = 0.2


class TargetLock:
    def __init__(self, target: Path) -> None:
        self._path = beside(target, LOCK)
        self._lock = FileLock(self._path, thread_local=False)

    def try_now(self) -> bool:
        """Raises WeightsError where no lock can be written."""
        with disk_failures(self._path):
            make_shared_folder(self._path.parent)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
        return True

    def waited_for(self, control: Control) -> Iterator[Waiting]:
        """Ends when the lock is ours. Raises StoppedError."""
        if self.try_now():
            return
        yield Waiting("another process is working on the same file")
        while not self.try_now():
            control.wait(_BETWEEN_TRIES)

    def release(self) -> None:
        """The file goes while the lock is still ours: who was waiting for it notices, and makes a new one."""
        with contextlib.suppress(OSError):  # Windows does not remove an open file
            self._path.unlink()
        self._lock.release()
