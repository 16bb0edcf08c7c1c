"""The llama.cpp engine: a worker per weights, as many at a time as memory allows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui import paths
from tui.engine.generation import Generation
from tui.engine.messages import Finished
from tui.engine.planning import as_planned, plan_of
from tui.engine.precedence import MEMORY_IS_HELD_ELSEWHERE, THE_APP_IS_ANSWERING, Precedence
from tui.engine.probing import gpus
from tui.engine.process import WorkerProcess
from tui.engine.worker_slot import WorkerSlot
from tui.errors import EngineError
from tui.memory.free import free_memory, total_memory
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Sequence

    from tui.engine.base import EngineEvent
    from tui.engine.messages import Generate, LoadSpec
    from tui.memory.free import Device
    from tui.memory.plan import Plan

BETTER_SECONDS = 5.0
"""How long weights that fit wait for others to make room in which they fit better, on a GPU for example."""


class LlamaEngine:
    """Implements `tui.engine.base.Engine`.

    What does not fit into memory fails with a line that says so, unless `force` is set. `explain` makes that
    line from the path of the weights and the plan. `available` gives the bytes free beside workers of these
    pids, `total` those of the machine, `find_devices` the GPUs; `devices` names those to use, none is all.
    `precedence` is towards the engines of other processes.
    """

    def __init__(
        self,
        *,
        log_folder: Path | None = None,
        devices: tuple[str, ...] = (),
        force: bool = False,
        explain: Callable[[str, Plan], str] = lambda path, plan: plan.line(Path(path).name),
        available: Callable[[Iterable[int]], int] = free_memory,
        total: Callable[[], int] = total_memory,
        find_devices: Callable[[], Sequence[Device]] = gpus,
        precedence: Precedence | None = None,
    ) -> None:
        self._devices = devices
        self._force = force
        self._explain = explain
        self._find_devices = find_devices
        self._log_folder = log_folder or paths.log_dir()
        self._available = available
        self._total = total
        self._precedence = precedence or Precedence()
        self._slots: dict[LoadSpec, WorkerSlot] = {}
        self._living: set[WorkerSlot] = set()
        self._generations: dict[str, Generation] = {}
        self._starting = asyncio.Lock()
        self._changed = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def generate(self, spec: LoadSpec, request: Generate) -> AsyncIterator[EngineEvent]:
        generation = Generation(spec, request, self._forget)
        if request.id in self._generations:
            generation.finish("failed", f"a generation with the id {safe_line(request.id)} is still running")
        else:
            self._generations[request.id] = generation
            self._show_presence()
        return self._events(generation)

    def cancel(self, generation_id: str) -> None:
        if generation := self._generations.get(generation_id):
            generation.cancel()

    async def make_room(self, spec: LoadSpec, *, beside: Collection[LoadSpec]) -> bool:
        async with self._starting:
            while True:
                plan, _ = await self._plan(spec)
                if plan is None or plan.is_whole:
                    return True
                if not (idle := self._idle(beside)):
                    return False
                await self._end(idle)

    async def close(self) -> None:
        placing = [generation.placing for generation in self._generations.values() if generation.placing]
        for generation in list(self._generations.values()):
            generation.cancel()
        await asyncio.gather(*placing, return_exceptions=True)
        await asyncio.gather(*(slot.close() for slot in self._living))
        if self._watching:
            self._watching.cancel()

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
        try:
            while not generation.finished and not await self._has_placed(generation):
                await self._precedence.look_again_later()
        except EngineError as error:
            generation.finish("failed", safe_line(str(error)))
        finally:
            self._precedence.want_memory(generation.id, False)

    async def _has_placed(self, generation: Generation) -> bool:
        """False when it has to wait for another process."""
        if self._gives_way(generation):
            return False
        if generation.spec not in self._slots:
            async with self._starting:
                if self._gives_way(generation):
                    return False
                if generation.spec not in self._slots:
                    planned = await self._room_for(generation)
                    if planned is None:
                        return False
                    await self._start(generation, planned)
        if slot := self._slots.get(generation.spec):
            slot.take(generation)
        return bool(slot) or generation.finished

    def _gives_way(self, generation: Generation) -> bool:
        if not self._precedence.gives_way:
            return False
        generation.waits(THE_APP_IS_ANSWERING)
        return True

    async def _give_memory_back(self) -> None:
        """To an engine in another process that is short of it, when nothing is to be done here."""
        rested = 0
        while self._living:
            await self._precedence.look_again_later()
            resting = not self._generations or self._precedence.gives_way
            rested = rested + 1 if resting else 0
            # Once may be the moment between two responses of a batch.
            if rested > 1 and self._precedence.memory_is_wanted and (idle := self._idle()):
                await self._end(idle)

    async def _start(self, generation: Generation, planned: LoadSpec) -> None:
        spec = generation.spec
        try:
            process = await WorkerProcess.start(spec, self._log_folder)
        except OSError as error:
            generation.finish("failed", f"the engine could not be started: {safe_line(str(error))}")
            return
        slot = WorkerSlot(spec, process, self._on_change, planned=planned)
        self._slots[spec] = slot
        self._living.add(slot)
        self._show_presence()
        if self._precedence.has_others and (self._watching is None or self._watching.done()):
            self._watching = asyncio.create_task(self._give_memory_back())

    async def _room_for(self, generation: Generation) -> LoadSpec | None:
        """End idle workers, the least recently used first, and wait for busy ones, until all of it fits.

        With no worker left it is planned as well as can be; None when others give memory back that it needs.
        Raises EngineError when it does not fit even so.
        """
        spec = generation.spec
        while True:
            # Asked first: what is given back after that shows in the plan.
            more_may_come = self._precedence.memory_may_come
            plan, devices = await self._plan(spec)
            if plan is None or plan.is_whole or not self._living:
                break
            await self._end_one()
        if plan and more_may_come and not self._force and await self._is_worth_waiting(generation, plan):
            self._precedence.want_memory(generation.id, True)
            generation.waits(MEMORY_IS_HELD_ELSEWHERE)
            return None
        if plan and not plan.fits and not self._force:
            raise EngineError(f"{self._explain(spec.path, plan)}; --force tries")
        return as_planned(self._on_devices(spec), plan, devices)

    async def _is_worth_waiting(self, generation: Generation, plan: Plan) -> bool:
        """For all that it could be with the whole machine: as long as it takes to fit at all, a moment to fit
        better."""
        devices = [
            replace(device, free=device.total) for device in await asyncio.to_thread(self._find_devices)
        ]
        spec = self._on_devices(generation.spec)
        best = await asyncio.to_thread(plan_of, spec, free=self._total(), devices=devices)
        if best is None:
            return False
        better = (
            best.is_whole
            and not plan.is_whole
            and generation.waited(MEMORY_IS_HELD_ELSEWHERE) < BETTER_SECONDS
        )
        return better or (best.fits and not plan.fits)

    async def _plan(self, spec: LoadSpec) -> tuple[Plan | None, Sequence[Device]]:
        devices = await asyncio.to_thread(self._find_devices)
        free = self._available([slot.pid for slot in self._living])
        return await asyncio.to_thread(plan_of, self._on_devices(spec), free=free, devices=devices), devices

    def _on_devices(self, spec: LoadSpec) -> LoadSpec:
        return replace(spec, devices=spec.devices or self._devices)

    async def _end_one(self) -> None:
        """An idle worker, or whichever is the first to become idle or to change otherwise."""
        if idle := self._idle():
            await self._end(idle)
        else:
            self._changed.clear()
            await self._changed.wait()

    def _idle(self, keep: Collection[LoadSpec] = ()) -> WorkerSlot | None:
        """The one that was not used for longest."""
        idle = (slot for slot in self._slots.values() if not slot.busy and slot.spec not in keep)
        return min(idle, key=lambda slot: slot.used, default=None)

    async def _end(self, slot: WorkerSlot) -> None:
        self._slots.pop(slot.spec, None)
        await slot.close()

    def _on_change(self, slot: WorkerSlot) -> None:
        if slot.gone and self._slots.get(slot.spec) is slot:
            del self._slots[slot.spec]
        if slot.buried:
            self._living.discard(slot)
            self._show_presence()
        self._changed.set()

    def _forget(self, generation: Generation) -> None:
        if self._generations.get(generation.id) is generation:
            del self._generations[generation.id]
            self._show_presence()

    def _show_presence(self) -> None:
        self._precedence.show(generating=bool(self._generations), holding=bool(self._living))
