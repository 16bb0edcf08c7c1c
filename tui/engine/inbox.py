"""What the parent asked of a worker: filled by the thread that reads, emptied by the one that generates."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

import msgspec

from tui.engine.messages import Cancel, Command, Finished, Generate, Load, Unload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Inbox:
    def __init__(self, emit: Callable[[Finished], None]) -> None:
        self.interrupted = False
        """Whether what is running should end: cancelled, or the worker is ending. Asked very often."""
        self._emit = emit
        self._changed = threading.Condition()
        self._waiting: deque[Load | Generate] = deque()
        self._running: str | None = None
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
                    self._ending = self.interrupted = True
            self._changed.notify_all()

    def next(self) -> Load | Generate | None:
        """Wait for work; None when the worker is to end. What was taken before is no longer running."""
        with self._changed:
            self._running = None
            self._changed.wait_for(lambda: self._waiting or self._ending)
            self.interrupted = self._ending
            if self._ending:
                return None
            command = self._waiting.popleft()
            self._running = command.id if isinstance(command, Generate) else None
            return command

    def _cancel(self, generation: str) -> None:
        if generation == self._running:
            self.interrupted = True
            return
        for command in self._waiting:
            if isinstance(command, Generate) and command.id == generation:
                self._waiting.remove(command)
                self._emit(Finished(id=generation, reason="cancelled"))
                return
