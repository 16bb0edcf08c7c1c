"""Control of a fetch from outside: how patient it is, and a stop from whatever thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tui.weights.errors import StoppedError


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds.

    In every `silence` at least `trickle` bytes must come, else the connection counts as lost: a server that
    sends a byte now and then is as good as none. `tries` are counted since the last `progress` bytes.
    """

    silence: float = 30.0
    trickle: int = 16_384
    metadata: float = 30.0
    tries: int = 8
    progress: int = 1_000_000
    first_pause: float = 1.0
    longest_pause: float = 30.0
    longest_request: float = 300.0
    """The longest Retry-After that is waited for."""


class Control:
    """Goes with one fetch, or whatever else takes its time, through all that it calls."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def raise_if_stopped(self) -> None:
        """Raises StoppedError after `stop`."""
        if self._stopped.is_set():
            raise StoppedError

    def wait(self, seconds: float) -> None:
        """Sleeps; raises StoppedError as soon as `stop` is called."""
        if self._stopped.wait(seconds):
            raise StoppedError
