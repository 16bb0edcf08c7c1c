"""Ctrl-C and its like for work that can end in good order."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tui.processes.signals import first_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def interrupts_call(function: Callable[[], None]) -> Iterator[None]:
    """The first SIGINT, SIGTERM or SIGHUP calls a function on the event loop instead of tearing it down; the
    next ends the process: what is stored is safe, and workers end with whoever started them."""
    loop = asyncio.get_running_loop()

    def call(_number: int) -> None:
        with suppress(RuntimeError):  # the loop has ended: so does what could be interrupted
            loop.call_soon_threadsafe(function)

    with first_calls(call):
        yield
