"""The seam: what the rest of the program needs of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from tui.engines.events import Delta, Finished, Loaded, Loading, Started, Waiting
from tui.engines.target import LocalTarget

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from tui.engines.request import Request

EngineEvent = Waiting | Loading | Loaded | Started | Delta | Finished
TargetT = TypeVar("TargetT", contravariant=True)


class Engine(Protocol[TargetT]):
    """Generates, with whatever this engine can ask."""

    def generate(self, target: TargetT, request: Request) -> AsyncIterator[EngineEvent]:
        """Run one generation, loading the weights first if need be; wait in the queue until it is its turn.

        Waiting comes once for each reason to wait for another process, Loading while the weights load,
        Loaded before Started (also when they were loaded already). Where the weights are loaded once more,
        because a worker died of what another way of loading may avoid, these come again, and with Started the
        answer begins anew. The last event is always Finished; whatever goes wrong is a Finished with reason
        `failed`.
        """
        ...

    def cancel(self, generation_id: str) -> None:
        """End a generation soon, queued or running, with reason `cancelled`; unknown ids are ignored."""
        ...

    async def close(self) -> None:
        """End every worker; generations still running finish as cancelled."""
        ...


class HoldsWeights(Protocol):
    """Has weights in this machine's memory, which may be too small for all of them."""

    def set_lanes(self, target: LocalTarget, lanes: int) -> None:
        """Let so many generations of these weights run at a time, from the next load on; further ones wait.

        Each lane has a context of its own in memory, so it is one unless said. With one the same seed gives
        the same bytes; the work of several in one batch depends on who is in it.
        """
        ...

    async def make_room(self, target: LocalTarget, *, beside: Collection[LocalTarget]) -> bool:
        """True if memory holds all of these weights as well as those of `beside`.

        To that end others that are idle are unloaded.
        """
        ...


class LocalEngine(Engine[LocalTarget], HoldsWeights, Protocol):
    """Generates with weights on this machine."""
