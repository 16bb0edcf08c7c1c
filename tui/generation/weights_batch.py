"""The responses of one weights in a batch, several at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from tui.engines.target import LocalTarget
    from tui.generation.plan import PlannedResponse


class Numbered(NamedTuple):
    number: int
    planned: PlannedResponse


class GivenUp(NamedTuple):
    """The weights did not load, or crash whatever they are asked."""

    response: Numbered
    left: int
    """The number of those that were not tried."""


class WeightsBatch:
    """`answer` generates one response and returns whether the weights can do more; it calls the function it
    is given as soon as they have loaded. The first response goes ahead, the others follow when it has loaded.

    `lanes` of them are generated at a time.
    """

    def __init__(self, target: LocalTarget, responses: Iterable[Numbered], *, lanes: int) -> None:
        self.target = target
        self._lanes = lanes
        self._waiting = deque(responses)
        self._loaded = asyncio.Event()

    async def run(
        self,
        answer: Callable[[Numbered, Callable[[], None]], Awaitable[bool]],
        *,
        on_last_begun: Callable[[], None] = lambda: None,
    ) -> GivenUp | None:
        async def lane() -> GivenUp | None:
            while self._waiting:
                response = self._waiting.popleft()
                if not self._waiting:
                    on_last_begun()
                if not await answer(response, self._loaded.set):
                    return self._give_up(response)
            return None

        lanes = [asyncio.create_task(lane())]
        try:
            await self._first_has_loaded(lanes[0])
            if self._loaded.is_set():
                lanes += [asyncio.create_task(lane()) for _ in range(self._lanes - 1)]
            given_up = [each for each in await asyncio.gather(*lanes) if each]
        finally:
            for each in lanes:
                each.cancel()
        return max(given_up, key=lambda each: each.left, default=None)

    async def loaded(self) -> None:
        await self._loaded.wait()

    def stop(self) -> None:
        """Begin no more of them."""
        self._waiting.clear()

    async def _first_has_loaded(self, first: asyncio.Task[GivenUp | None]) -> None:
        loading = asyncio.create_task(self._loaded.wait())
        await asyncio.wait((first, loading), return_when=asyncio.FIRST_COMPLETED)
        loading.cancel()

    def _give_up(self, response: Numbered) -> GivenUp:
        left = len(self._waiting)
        self._waiting.clear()
        return GivenUp(response, left)
