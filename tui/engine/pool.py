"""The llama.cpp engine: a worker per weights, as many at a time as memory allows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui import paths
from tui.engine import memory
from tui.engine.generation import Generation
from tui.engine.messages import Finished
from tui.engine.process import WorkerProcess
from tui.engine.worker_slot import WorkerSlot
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
    from pathlib import Path

    from tui.engine.base import EngineEvent
    from tui.engine.messages import Generate, LoadSpec


class LlamaEngine:
    """Implements `tui.engine.base.Engine`. `available` gives the bytes free beside workers of these pids."""

    def __init__(
        self,
        *,
        log_folder: Path | None = None,
        available: Callable[[Iterable[int]], int] = memory.available,
    ) -> None:
        self._log_folder = log_folder or paths.log_dir()
        self._available = available
        self._slots: dict[LoadSpec, WorkerSlot] = {}
        self._living: set[WorkerSlot] = set()
        self._generations: dict[str, Generation] = {}
        self._starting = asyncio.Lock()
        self._changed = asyncio.Event()

    def generate(self, spec: LoadSpec, request: Generate) -> AsyncIterator[EngineEvent]:
        generation = Generation(spec, request, self._forget)
        if request.id in self._generations:
            generation.finish("failed", f"a generation with the id {safe_line(request.id)} is still running")
        else:
            self._generations[request.id] = generation
        return self._events(generation)

    def cancel(self, generation_id: str) -> None:
        if generation := self._generations.get(generation_id):
            generation.cancel()

    async def close(self) -> None:
        placing = [generation.placing for generation in self._generations.values() if generation.placing]
        for generation in list(self._generations.values()):
            generation.cancel()
        await asyncio.gather(*placing, return_exceptions=True)
        await asyncio.gather(*(slot.close() for slot in self._living))

    async def _events(self, generation: Generation) -> AsyncGenerator[EngineEvent, None]:
        generation.placing = asyncio.create_task(self._place(generation))
        try:
            while True:
                event = await generation.next()
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            # Does nothing for one that has finished; otherwise whoever asked has stopped listening.
            if not generation.finished:
                generation.cancel()

    async def _place(self, generation: Generation) -> None:
        """Give it to the worker that holds its weights, started first if need be."""
        while not generation.finished:
            if slot := self._slots.get(generation.spec):
                slot.take(generation)
                return
            async with self._starting:
                if generation.spec not in self._slots:
                    await self._make_room(generation.spec)
                    await self._start(generation)

    async def _start(self, generation: Generation) -> None:
        spec = generation.spec
        try:
            process = await WorkerProcess.start(spec, self._log_folder)
        except OSError as error:
            generation.finish("failed", f"the engine could not be started: {safe_line(str(error))}")
            return
        slot = WorkerSlot(spec, process, self._on_change)
        self._slots[spec] = slot
        self._living.add(slot)

    async def _make_room(self, spec: LoadSpec) -> None:
        """End idle workers, the least recently used first, and wait for busy ones, until `spec` fits.

        With no worker left it is tried in any case: the estimate may be wrong, and the failure is one line.
        """
        need = memory.needed(spec)
        while self._living and self._available([slot.pid for slot in self._living]) < need:
            idle = [slot for slot in self._slots.values() if not slot.busy]
            if idle:
                slot = min(idle, key=lambda slot: slot.used)
                del self._slots[slot.spec]
                await slot.close()
            else:
                self._changed.clear()
                await self._changed.wait()

    def _on_change(self, slot: WorkerSlot) -> None:
        if slot.gone and self._slots.get(slot.spec) is slot:
            del self._slots[slot.spec]
        if slot.buried:
            self._living.discard(slot)
        self._changed.set()

    def _forget(self, generation: Generation) -> None:
        if self._generations.get(generation.id) is generation:
            del self._generations[generation.id]
