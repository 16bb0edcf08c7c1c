"""Asking the Hub about something, as often as patience allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tui.weights.background import within
from tui.weights.events import Waiting
from tui.weights.failures import ConnectionLostError, UnreachableError
from tui.weights.patience import Patience, Tries

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tui.weights.control import Control

T = TypeVar("T")


def patiently(ask: Callable[[], T], patience: Patience, control: Control) -> Generator[Waiting, None, T]:
    """What `ask` returns. Raises SourceFailedError, ConnectionLostError after the last try, StoppedError."""
    tries = Tries(patience)
    while True:
        try:
            return within(patience.metadata, ask, control)
        except UnreachableError:
            raise  # no network: the person should hear it now, not in a minute
        except ConnectionLostError as error:
            pause = tries.pause_after(error)
            yield Waiting(str(error), pause)
            control.wait(pause)
