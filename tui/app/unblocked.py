"""A terminal that takes nothing, such as one behind a stalled connection, does not hold the app up."""

from __future__ import annotations

import time
from functools import cache
from queue import Full, Queue
from typing import TYPE_CHECKING, Any

from tui.processes.signals import exit_code
from tui.processes.terminals import is_in_front

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.driver import Driver
    from textual.drivers._writer_thread import WriterThread

_MOST_WAITING = 1000
"""Pieces of output. A frame is some of them; when they are taken after all, the screen is drawn anew."""
_LOOKING_SECONDS = 0.5
_LOOKS_FOR_THE_END = 20


class _Waiting(Queue[str | None]):
    """A queue for the writing thread; whoever puts something there never waits."""

    def __init__(self, on_loss: Callable[[], None]) -> None:
        super().__init__(_MOST_WAITING)
        self._on_loss = on_loss

    def put(self, item: str | None, block: bool = True, timeout: float | None = None) -> None:
        try:
            super().put(item, block=False)
        except Full:
            if item is None:  # the end, which is not to be lost
                self.queue.clear()
                super().put(item, block=False)
            else:
                self._on_loss()


@cache
def never_waiting(driver_class: type[Driver]) -> type[Driver]:
    """A driver like this one whose output waits in a thread only."""

    class NeverWaiting(driver_class):  # type: ignore[misc, valid-type]
        _writer: WriterThread | None = None
        _has_lost = False

        @property
        def _writer_thread(self) -> WriterThread | None:
            return self._writer

        @_writer_thread.setter
        def _writer_thread(self, writer: WriterThread | None) -> None:
            self._writer = writer
            if writer is not None:
                writer._queue = _Waiting(self._note_loss)

        def _note_loss(self) -> None:
            if not self._has_lost:
                self._has_lost = True
                self._loop.call_soon_threadsafe(self._draw_when_taken)

        def _draw_when_taken(self) -> None:
            if self._writer is not None and self._writer._queue.qsize():
                self._loop.call_later(_LOOKING_SECONDS, self._draw_when_taken)
                return
            self._has_lost = False
            self._app.refresh(layout=True)

        def _sigcont_application(self, *_: object) -> None:
            """To take the terminal while another program has it would stop this one again. A shell that is to
            end it sends the signal for that as well, and another thread may hear of that some time later."""
            for _look in range(_LOOKS_FOR_THE_END):
                if is_in_front(self.fileno) or exit_code():
                    break
                time.sleep(_LOOKING_SECONDS / _LOOKS_FOR_THE_END)
            if not exit_code():
                super()._sigcont_application()

        def run_input_thread(self) -> Any:
            try:
                super().run_input_thread()
            except OSError:  # the terminal is gone: the app sees to that
                return

    return NeverWaiting
