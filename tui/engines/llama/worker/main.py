"""The child process that holds one model's weights, driven over its pipes."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from tui.engines.events import Finished, Loaded, Loading
from tui.engines.llama.protocol import Load, LoadFailed
from tui.engines.llama.worker.inbox import Inbox
from tui.engines.llama.worker.pipes import Pipes
from tui.engines.llama.worker.pulse import Pulse
from tui.engines.llama.worker.templates.process import TemplateProcess
from tui.errors import GraderError
from tui.processes.with_parent import end_with_parent, ignore_the_terminal
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.llama.worker.answering import Answering

_LOADING_SECONDS = 0.1
_ENDING_SECONDS = 5.0
"""The time that a decode which ignores the abort may take after the parent is gone."""


class Worker:
    def __init__(self, pipes: Pipes, inbox: Inbox, pulse: Pulse) -> None:
        self._emit = pipes.emit
        self._inbox = inbox
        self._pulse = pulse
        self._answering: Answering | None = None

    def run(self) -> None:
        while (command := self._inbox.next()) is not None:
            if isinstance(command, Load):
                self._pulse.turn_to("loading")
                if not self._load(command):
                    return
            elif self._answering:
                self._answering.run(command.request)
            else:
                self._inbox.finished(command.request.id)
                self._emit(Finished(id=command.request.id, reason="failed", error="no weights are loaded"))
            self._pulse.turn_to("nothing")

    def _load(self, command: Load) -> bool:
        progress = _Progress(self._emit)
        try:
            templates = TemplateProcess()  # before the weights, so that it is ready when they are
            # Imported here, so that a binding that is missing or broken is a line to the person as well.
            from tui.engines.llama.worker.answering import Answering
            from tui.engines.llama.worker.weights import Weights

            weights = Weights(command.spec, on_progress=progress, interruption=self._inbox.interruption)
        except GraderError as error:
            self._emit(LoadFailed(error=safe_line(str(error))))
            return False
        except (ImportError, OSError, RuntimeError) as error:
            self._emit(LoadFailed(error=f"llama-cpp-python does not work here: {safe_line(str(error))}"))
            return False
        self._answering = Answering(weights, self._inbox, self._emit, templates, pulse=self._pulse)
        self._emit(Loaded(facts=weights.facts))
        return True


class _Progress:
    """Loading events, about ten a second."""

    def __init__(self, emit: Callable[[Loading], None]) -> None:
        self._emit = emit
        self._last = float("-inf")

    def __call__(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self._last >= _LOADING_SECONDS:
            self._last = now
            self._emit(Loading(fraction=fraction))


def main() -> None:
    end_with_parent()
    ignore_the_terminal()
    faulthandler.enable()
    pipes, pulse = Pipes(), Pulse()
    inbox = Inbox(pipes.emit)
    done = threading.Event()

    def read() -> None:
        try:
            inbox.read(pipes.lines())
        finally:
            if not done.wait(_ENDING_SECONDS):
                os._exit(1)

    threading.Thread(target=read, name="commands", daemon=True).start()
    threading.Thread(target=pulse.beat, args=(pipes.emit,), name="pulse", daemon=True).start()
    Worker(pipes, inbox, pulse).run()
    done.set()
    sys.stderr.flush()
    # Not a plain return: the reading thread may still wait for a line, and the memory goes back either way.
    os._exit(0)


if __name__ == "__main__":
    main()
