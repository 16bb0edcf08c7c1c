"""Waiting for a call that cannot be interrupted."""

from __future__ import annotations

import queue
import threading
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from tui.weights.failures import ConnectionLostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.weights.control import Control

T = TypeVar("T")
_LOOK_UP = 0.1


def within(seconds: float, work: Callable[[], T], control: Control) -> T:
    """What `work` returns or raises. Left to itself, for the caller to end what it works with, when it takes
    longer (ConnectionLostError) or is stopped (StoppedError): names may resolve and headers come as slowly
    as a server likes, no time limit of the client's covers the whole."""
    done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except Exception as error:
            done.put((None, error))

    threading.Thread(target=run, name="ask the Hub", daemon=True).start()
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        control.check()
        try:
            result, error = done.get(timeout=_LOOK_UP)
        except queue.Empty:
            continue
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # None only beside an error, or where T has it
    raise ConnectionLostError(f"no whole answer within {seconds:.0f} s")
