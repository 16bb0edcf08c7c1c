"""A question to the Hub, asked as often as patience allows and never waited for longer than that."""

from __future__ import annotations

import queue
import threading
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from tui.weights.errors import ConnectionLostError, UnreachableError
from tui.weights.events import Waiting
from tui.weights.hub.client import new_client
from tui.weights.hub.retry import Tries

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx2

    from tui.weights.control import Control

T = TypeVar("T")
_LOOK_UP = 0.1


def patiently(ask: Callable[[httpx2.Client], T], control: Control) -> Generator[Waiting, None, T]:
    """Call `ask` until it answers, and return its result. Raises SourceFailedError; UnreachableError at
    once or after the last try: who has not answered this question will answer no other; StoppedError."""
    tries = Tries(control.patience)
    while True:
        try:
            with new_client(control.patience) as client:
                # Left behind, the thread that asks ends with its client.
                return _within(control.patience.metadata, partial(ask, client), control)
        except UnreachableError:
            raise  # no network: the person should hear it now, not in a minute
        except ConnectionLostError as error:
            pause = _pause(tries, error)
            yield Waiting(str(error), pause)
            control.wait(pause)


def _pause(tries: Tries, error: ConnectionLostError) -> float:
    try:
        return tries.pause_after(error)
    except ConnectionLostError as last:
        raise UnreachableError(f"{last}: try it again later") from last


def _within(seconds: float, work: Callable[[], T], control: Control) -> T:
    """Do `work` in a thread and return its result. When it takes longer (ConnectionLostError) or is stopped
    (StoppedError) it is left to itself, and the caller ends what it works with: names resolve and headers
    come as slowly as a server likes, and no time limit of the client covers the whole."""
    done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except Exception as error:
            done.put((None, error))

    threading.Thread(target=run, name="ask the Hub", daemon=True).start()
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        control.raise_if_stopped()
        try:
            result, error = done.get(timeout=_LOOK_UP)
        except queue.Empty:
            continue
        if error is not None:
            raise error
        return result  # type: ignore[return-value]  # None only beside an error, or where T has it
    raise ConnectionLostError(f"no whole answer within {seconds:.0f} s")
