"""Stopping a download from outside the thread it runs in."""

from __future__ import annotations

import threading

from tui.weights.errors import StoppedError


class Control:
    def __init__(self) -> None:
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def check(self) -> None:
        """Raises StoppedError after `stop`."""
        if self._stopped.is_set():
            raise StoppedError

    def wait(self, seconds: float) -> None:
        """Sleeps; raises StoppedError as soon as `stop` is called."""
        if self._stopped.wait(seconds):
            raise StoppedError
