"""The engine for each target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engines.events import Finished
from tui.engines.target import LocalTarget
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Collection

    from tui.engines.base import EngineEvent, LocalEngine
    from tui.engines.request import Request
    from tui.engines.target import Endpoint, Target


class Router:
    """An engine for every kind of target. It holds weights by way of the local one."""

    def __init__(self, local: LocalEngine) -> None:
        self._local = local

    def generate(self, target: Target, request: Request) -> AsyncIterator[EngineEvent]:
        if isinstance(target, LocalTarget):
            return self._local.generate(target, request)
        return _refused(target, request)

    def cancel(self, generation_id: str) -> None:
        self._local.cancel(generation_id)

    def set_lanes(self, target: LocalTarget, lanes: int) -> None:
        self._local.set_lanes(target, lanes)

    async def make_room(self, target: LocalTarget, *, beside: Collection[LocalTarget]) -> bool:
        return await self._local.make_room(target, beside=beside)

    async def close(self) -> None:
        await self._local.close()


async def _refused(endpoint: Endpoint, request: Request) -> AsyncGenerator[EngineEvent, None]:
    error = safe_line(f"{endpoint.model} at {endpoint.address}: no server can be asked, only weights here")
    yield Finished(id=request.id, reason="failed", error=error, hopeless=True)
