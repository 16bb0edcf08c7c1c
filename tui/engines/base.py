"""The seam: what the rest of the program needs of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.engines.events import Delta, Finished, Loaded, Loading, Started, Waiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from tui.engines.llama.protocol import Generate, LoadSpec

EngineEvent = Waiting | Loading | Loaded | Started | Delta | Finished


class Engine(Protocol):
    def generate(self, spec: LoadSpec, request: Generate) -> AsyncIterator[EngineEvent]:
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

    async def make_room(self, spec: LoadSpec, *, beside: Collection[LoadSpec]) -> bool:
        """Whether memory holds all of these weights as well as those of `beside`.

        To that end others that are idle are unloaded.
        """
        ...

    async def close(self) -> None:
        """End every worker; generations still running finish as cancelled."""
        ...
