"""The turn of one weights in a batch: its responses, several at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from tui.evaluation.plan import PlannedResponse


class Numbered(NamedTuple):
    number: int
    planned: PlannedResponse


class GivenUp(NamedTuple):
    """The weights did not load."""

    response: Numbered
    left: int
    """How many more were not tried."""


class Turn:
    """`answer` generates one response and returns whether the weights loaded for it; it calls the function
    it is given as soon as they have. The first response goes ahead, the others follow when it has loaded."""

    def __init__(
        self,
        responses: Iterable[Numbered],
        *,
        parallel: int,
        answer: Callable[[Numbered, Callable[[], None]], Awaitable[bool]],
        on_last_begun: Callable[[], None] = lambda: None,
    ) -> None:
        self._waiting = deque(responses)
        self._parallel = parallel
        self._answer = answer
        self._on_last_begun = on_last_begun
        self._loaded = asyncio.Event()

    async def run(self) -> GivenUp | None:
        lanes = [asyncio.create_task(self._lane())]
        try:
            await self._first_has_loaded(lanes[0])
            if self._loaded.is_set():
                lanes += [asyncio.create_task(self._lane()) for _ in range(self._parallel - 1)]
            given_up = [each for each in await asyncio.gather(*lanes) if each]
        finally:
            for lane in lanes:
                lane.cancel()
        return max(given_up, key=lambda each: each.left, default=None)

    def stop(self) -> None:
        """Begin no more of them."""
        self._waiting.clear()

    async def _first_has_loaded(self, first: asyncio.Task[GivenUp | None]) -> None:
        loading = asyncio.create_task(self._loaded.wait())
        await asyncio.wait((first, loading), return_when=asyncio.FIRST_COMPLETED)
        loading.cancel()

    async def _lane(self) -> GivenUp | None:
        while self._waiting:
            response = self._waiting.popleft()
            if not self._waiting:
                self._on_last_begun()
            if not await self._answer(response, self._loaded.set):
                left = len(self._waiting)
                self._waiting.clear()
                return GivenUp(response, left)
        return None
