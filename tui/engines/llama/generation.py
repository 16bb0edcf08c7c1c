"""One generation as the engine sees it: the request, and the events on their way to whoever asked."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tui.engines.events import Delta, Finished, Started, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.base import EngineEvent
    from tui.engines.events import FinishReason
    from tui.engines.llama.protocol import LoadSpec
    from tui.engines.llama.worker_slot import WorkerSlot
    from tui.engines.request import Request
    from tui.engines.target import LocalTarget


class Generation:
    def __init__(
        self,
        target: LocalTarget,
        spec: LoadSpec,
        request: Request,
        on_finished: Callable[[Generation], None],
    ) -> None:
        """`spec` is how the target is to be loaded."""
        self.target = target
        self.spec = spec
        self.request = request
        self.slot: WorkerSlot | None = None
        self.placing: asyncio.Task[None] | None = None
        self.finished = False
        self._on_finished = on_finished
        self._events: asyncio.Queue[EngineEvent] = asyncio.Queue()
        self._tokens = 0
        self._waits = ""
        self._waits_since = 0.0

    @property
    def id(self) -> str:
        return self.request.id

    def put(self, event: EngineEvent) -> None:
        """Nothing comes after Finished, whoever is late."""
        if self.finished:
            return
        self._events.put_nowait(event)
        if isinstance(event, Started):
            self._tokens = 0
        elif isinstance(event, Delta):
            self._tokens = event.tokens
        elif isinstance(event, Finished):
            self.finished = True
            self._on_finished(self)

    def waits(self, why: str) -> None:
        """Note why it waits. Its listener hears of that once, however often this is called."""
        if why != self._waits:
            self._waits, self._waits_since = why, time.monotonic()
            self.put(Waiting(why=why))

    def waited(self, why: str) -> float:
        """Seconds for which this has been what it waits for."""
        return time.monotonic() - self._waits_since if self._waits == why else 0.0

    def finish(self, reason: FinishReason, error: str = "", *, log: str = "", hopeless: bool = False) -> None:
        """End it from this side: the worker is gone, or never came."""
        tokens = self._tokens
        self.put(Finished(id=self.id, reason=reason, tokens=tokens, error=error, log=log, hopeless=hopeless))

    def cancel(self) -> None:
        """The worker ends it, after what it still holds back; without a worker it ends here."""
        if self.slot is not None:
            self.slot.cancel(self.id)
            return
        if self.placing is not None:
            self.placing.cancel()
        self.finish("cancelled")

    async def next(self) -> EngineEvent:
        return await self._events.get()
