"""The pulse of a worker: a thread that does none of the work says whether it moves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.engines.llama.protocol import Beat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.llama.protocol import Doing

_SECONDS = 1.0


class Pulse:
    """The generating thread says what it turns to, and when that has moved; `beat` tells the parent, who
    keeps the limits: nothing that this process is led to do keeps it from being ended."""

    def __init__(self) -> None:
        self.doing: Doing = "nothing"
        self.steps = 0

    def turn_to(self, doing: Doing) -> None:
        self.doing = doing
        self.steps += 1

    def step(self) -> None:
        self.steps += 1

    def beat(self, emit: Callable[[Beat], None], seconds: float = _SECONDS) -> None:
        """Send beats; never return."""
        while True:
            time.sleep(seconds)
            if self.doing != "nothing":
                emit(Beat(doing=self.doing, steps=self.steps))
