"""The llama.cpp engine: a worker per weights, as many at a time as memory allows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui import paths
from tui.engines.events import Finished
from tui.engines.llama.admission import Admission
from tui.engines.llama.generation import Generation
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.planning import Planner
from tui.engines.llama.probing import gpus
from tui.engines.llama.process import COMMAND
from tui.engines.llama.recovery import Recovery
from tui.engines.llama.settings import MachineSettings
from tui.engines.llama.sharing.priority import Priority
from tui.engines.llama.sharing.reservations import Reservations
from tui.engines.llama.watch import Limits
from tui.engines.llama.workers import Workers
from tui.memory.free import free_memory, total_memory
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from tui.engines.base import EngineEvent
    from tui.engines.llama.ending import Ending
    from tui.engines.llama.protocol import LoadSpec
    from tui.engines.llama.worker_slot import WorkerSlot
    from tui.engines.request import Request
    from tui.engines.target import LocalTarget
    from tui.memory.free import Device


class LlamaEngine:
    """Implements `tui.engines.base.LocalEngine`.

    `available`, `total` and `find_devices` are as in Planner. `priority` is towards the engines of other
    processes, `reservations` are theirs too, as is what `layouts` remembers. `command` starts a worker.
    """

    def __init__(
        self,
        settings: MachineSettings = MachineSettings(),  # noqa: B008 - a tuple
        *,
        log_folder: Path | None = None,
        available: Callable[[Iterable[int]], int] = free_memory,
        total: Callable[[], int] = total_memory,
        find_devices: Callable[[], Sequence[Device]] = gpus,
        priority: Priority | None = None,
        reservations: Reservations | None = None,
        layouts: Layouts | None = None,
        command: Sequence[str] = COMMAND,
        limits: Limits = Limits(),  # noqa: B008 - a tuple
    ) -> None:
        self._settings = settings
        self._priority = priority or Priority()
        self._recovery = Recovery(layouts or Layouts())
        self._reservations = reservations or Reservations()
        self._workers = Workers(
            command=command,
            log_folder=log_folder or paths.log_dir(),
            limits=limits,
            reservations=self._reservations,
            on_change=self._on_change,
            on_death=self._on_death,
        )
        self._admission = Admission(
            self._workers,
            planner=Planner(
                available=available,
                total=total,
                find_devices=find_devices,
                reservations=self._reservations,
                extra_layouts=self._recovery.allows_extra_layouts,
            ),
            priority=self._priority,
            reservations=self._reservations,
            force=settings.force,
        )
        self._lanes: dict[LocalTarget, int] = {}
        self._generations: dict[str, Generation] = {}
        self._giving_back: asyncio.Task[None] | None = None

    def generate(self, target: LocalTarget, request: Request) -> AsyncIterator[EngineEvent]:
        generation = Generation(target, self._spec_of(target), request, self._forget)
        if request.id in self._generations:
            generation.finish("failed", f"a generation with the id {safe_line(request.id)} is still running")
        else:
            self._generations[request.id] = generation
            self._show_presence()
        return self._events(generation)

    def cancel(self, generation_id: str) -> None:
        if generation := self._generations.get(generation_id):
            generation.cancel()

    def set_lanes(self, target: LocalTarget, lanes: int) -> None:
        self._lanes[target] = lanes

    async def make_room(self, target: LocalTarget, *, beside: Collection[LocalTarget]) -> bool:
        return await self._admission.make_room(
            self._spec_of(target), beside={self._spec_of(each) for each in beside}
        )

    async def close(self) -> None:
        placing = [generation.placing for generation in self._generations.values() if generation.placing]
        for generation in list(self._generations.values()):
            generation.cancel()
        await asyncio.gather(*placing, return_exceptions=True)
        await self._workers.close()
        if self._giving_back:
            self._giving_back.cancel()

    def _spec_of(self, target: LocalTarget) -> LoadSpec:
        return self._settings.spec_of(target, self._lanes.get(target, 1))

    async def _events(self, generation: Generation) -> AsyncGenerator[EngineEvent, None]:
        self._place(generation)
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

    def _place(self, generation: Generation) -> None:
        generation.placing = asyncio.create_task(self._admission.place(generation))

    def _on_death(self, slot: WorkerSlot, ending: Ending, generations: Iterable[Generation]) -> None:
        """Give what it was to write to another worker, in its order, where that may do better."""
        if self._recovery.loads_again(slot, ending):
            for generation in generations:
                generation.slot = None
                self._place(generation)
            return
        log, hopeless = str(ending.log), self._recovery.is_hopeless(slot, ending)
        for generation in generations:
            generation.finish("failed", ending.line, log=log, hopeless=hopeless)

    def _on_change(self, slot: WorkerSlot) -> None:
        if slot.decodes:
            self._recovery.decoded(slot)
        self._show_presence()
        is_giving_back = self._giving_back is not None and not self._giving_back.done()
        if self._priority.has_others and self._workers.living and not is_giving_back:
            self._giving_back = asyncio.create_task(self._give_memory_back())

    async def _give_memory_back(self) -> None:
        """Give memory back to an engine in another process that is short of it, while this one rests."""
        rested = 0
        while self._workers.living:
            await self._priority.look_again_later()
            resting = not self._generations or self._priority.gives_way
            rested = rested + 1 if resting else 0
            # Once may be the moment between two responses of a batch.
            if rested > 1 and self._priority.memory_is_wanted and (idle := self._workers.idle()):
                await self._workers.end(idle)

    def _forget(self, generation: Generation) -> None:
        if self._generations.get(generation.id) is generation:
            del self._generations[generation.id]
            self._show_presence()

    def _show_presence(self) -> None:
        self._priority.show(generating=bool(self._generations), holding=bool(self._workers.living))
