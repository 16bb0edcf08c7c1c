"""The order in which a batch's weights generate: one after another, or all together that memory holds."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from tui.generation.read_ahead import ReadAhead

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from tui.engines.base import HoldsWeights
    from tui.generation.weights_batch import WeightsBatch


class Scheduler:
    """`take` generates the responses of a batch, and calls its second argument when the last one begins.

    One after another is faster, since each then has all cores (`bench/together.py`).
    """

    def __init__(
        self,
        batches: Iterable[WeightsBatch],
        *,
        engine: HoldsWeights,
        together: bool,
        take: Callable[[WeightsBatch, Callable[[], None]], Awaitable[None]],
    ) -> None:
        self._waiting = deque(batches)
        self._engine = engine
        self._together = together
        self._take = take
        self._running: dict[asyncio.Task[None], WeightsBatch] = {}
        self._reading_ahead: ReadAhead | None = None

    async def run(self) -> None:
        try:
            while self._waiting or self._running:
                if await self._next_has_room():
                    await self._begin(self._waiting.popleft())
                elif self._running:
                    await self._wait_for_an_end()
        finally:
            self._stop_reading_ahead()
            for task in self._running:
                task.cancel()

    def stop(self) -> None:
        """Begin no more responses."""
        self._waiting.clear()
        for batch in self._running.values():
            batch.stop()

    async def _next_has_room(self) -> bool:
        if not self._waiting or (self._running and not self._together):
            return False
        if not self._running:
            return True
        beside = [each.target for each in self._running.values()]
        has_room = await self._engine.make_room(self._waiting[0].target, beside=beside)
        return has_room and bool(self._waiting)  # it may have been stopped meanwhile

    async def _begin(self, batch: WeightsBatch) -> None:
        """Returns when its weights have loaded: what memory they leave shows only then."""
        self._stop_reading_ahead()
        running = asyncio.ensure_future(self._take(batch, self._read_ahead))
        self._running[running] = batch
        loaded = asyncio.create_task(batch.loaded())
        try:
            await asyncio.wait((running, loaded), return_when=asyncio.FIRST_COMPLETED)
        finally:
            loaded.cancel()

    async def _wait_for_an_end(self) -> None:
        ended, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        for batch in ended:
            del self._running[batch]
        await asyncio.gather(*ended)

    def _read_ahead(self) -> None:
        if self._waiting and self._reading_ahead is None:
            in_use = {batch.target.path for batch in self._running.values()}
            self._reading_ahead = ReadAhead(self._waiting[0].target.path, beside=in_use)

    def _stop_reading_ahead(self) -> None:
        if self._reading_ahead:
            self._reading_ahead.stop()
            self._reading_ahead = None
