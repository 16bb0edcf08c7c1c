"""The parent's commands to a worker: one thread reads them, another generates."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from tui.engines.events import Finished
from tui.engines.llama.protocol import Cancel, Command, Generate, Load, Unload
from tui.engines.llama.worker.interruption import Interruption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.engines.request import Request


class Inbox:
    def __init__(self, emit: Callable[[Finished], None]) -> None:
        self.interruption = Interruption()
        """Raised while something that runs should end: it was cancelled, or the worker is ending."""
        self._emit = emit
        self._changed = threading.Condition()
        self._waiting: deque[Load | Generate] = deque()
        self._running: set[str] = set()
        self._cancelled: set[str] = set()
        self._ending = False

    def read(self, lines: Iterable[bytes]) -> None:
        """Take commands until there are no more, which ends the worker as Unload does."""
        decoder = msgspec.json.Decoder(Command)
        try:
            for line in lines:
                self.put(decoder.decode(line))
        finally:
            self.put(Unload())

    def put(self, command: Command) -> None:
        with self._changed:
            match command:
                case Load() | Generate():
                    self._waiting.append(command)
                case Cancel():
                    self._cancel(command.id)
                case Unload():
                    self._ending = True
                    self.interruption.put(True)
            self._changed.notify_all()

    def next(self) -> Load | Generate | None:
        """Wait for a command; None when the worker is to end. A generation runs until `finished`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ending)
            return None if self._ending else self._take()

    def next_generation(self) -> Request | None:
        """One more to run beside the others, if it waits already and comes next."""
        with self._changed:
            if self._ending or not self._waiting or not isinstance(self._waiting[0], Generate):
                return None
            taken = self._take()
            assert isinstance(taken, Generate)
            return taken.request

    def take_cancelled(self) -> set[str]:
        """The running generations that should end, each given once; all of them when the worker ends."""
        with self._changed:
            cancelled = self._cancelled
            self._cancelled = set()
            self.interruption.put(self._ending)
            return set(self._running) if self._ending else cancelled

    def finished(self, generation: str) -> None:
        with self._changed:
            self._running.discard(generation)
            self._cancelled.discard(generation)

    def _take(self) -> Load | Generate:
        command = self._waiting.popleft()
        if isinstance(command, Generate):
            self._running.add(command.request.id)
        return command

    def _cancel(self, generation: str) -> None:
        if generation in self._running:
            self._cancelled.add(generation)
            self.interruption.put(True)
            return
        for command in self._waiting:
            if isinstance(command, Generate) and command.request.id == generation:
                self._waiting.remove(command)
                self._emit(Finished(id=generation, reason="cancelled"))
                return
