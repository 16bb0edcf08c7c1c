"""Ctrl-C for work that can end in good order."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class interrupts_call:  # noqa: N801 - used as a verb in a with statement
    """The first Ctrl-C calls a function instead of tearing the event loop down; the next ends the process,
    as if nobody listened: what is stored is safe, and workers end with whoever started them."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function

    def __enter__(self) -> None:
        self._before = signal.getsignal(signal.SIGINT)
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self._first))
        else:
            loop.add_signal_handler(signal.SIGINT, self._first)

    def __exit__(self, *_: object) -> None:
        self._unlisten()
        signal.signal(signal.SIGINT, self._before)

    def _first(self) -> None:
        self._unlisten()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self._function()

    def _unlisten(self) -> None:
        if sys.platform != "win32":
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
