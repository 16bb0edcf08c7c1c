"""Asking the Hub about something, as often as patience allows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from tui.weights.background import within
from tui.weights.client import new_client
from tui.weights.events import Waiting
from tui.weights.failures import ConnectionLostError, UnreachableError
from tui.weights.patience import Patience, Tries

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx2

    from tui.weights.control import Control

T = TypeVar("T")


def patiently(
    ask: Callable[[httpx2.Client], T], patience: Patience, control: Control
) -> Generator[Waiting, None, T]:
    """What `ask` returns. Raises SourceFailedError, UnreachableError at once or after the last try: who has
    not answered this question will answer no other either. Raises StoppedError."""
    tries = Tries(patience)
    while True:
        try:
            with new_client(patience) as client:
                # Left behind, the thread that asks ends with its client.
                return within(patience.metadata, partial(ask, client), control)
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
