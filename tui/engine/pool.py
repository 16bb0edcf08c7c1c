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
from tui.memory.free import free_memory
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Sequence

    from tui.engine.base import EngineEvent
    from tui.engine.messages import Generate, LoadSpec
    from tui.memory.free import Device
    from tui.memory.plan import Plan


class LlamaEngine:
    """Implements `tui.engine.base.Engine`.

    What does not fit into memory fails with a line that says so, unless `force` is set. `explain` makes that
    line from the path of the weights and the plan. `available` gives the bytes free beside workers of these
    pids, `find_devices` the GPUs; `devices` names those to use, none is all. `precedence` is towards the
    engines of other processes.
    """

    def __init__(
        self,
        *,
        log_folder: Path | None = None,
        devices: tuple[str, ...] = (),
        force: bool = False,
        explain: Callable[[str, Plan], str] = lambda path, plan: plan.line(Path(path).name),
        available: Callable[[Iterable[int]], int] = free_memory,
        find_devices: Callable[[], Sequence[Device]] = gpus,
        precedence: Precedence | None = None,
    ) -> None:
        self._devices = devices
        self._force = force
        self._explain = explain
        self._find_devices = find_devices
        self._log_folder = log_folder or paths.log_dir()
        self._available = available
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
        await self._give_way(generation)
        while not generation.finished:
            if slot := self._slots.get(generation.spec):
                slot.take(generation)
                return
            async with self._starting:
                if generation.spec not in self._slots:
                    try:
                        planned = await self._room_for(generation)
                    except EngineError as error:
                        generation.finish("failed", safe_line(str(error)))
                        return
                    await self._start(generation, planned)

    async def _give_way(self, generation: Generation) -> None:
        while self._precedence.gives_way and not generation.finished:
            generation.waits(THE_APP_IS_ANSWERING)
            await self._precedence.look_again_later()

    async def _give_memory_back(self) -> None:
        """To an engine in another process that is short of it, when nothing is to be done here."""
        while self._living:
            await self._precedence.look_again_later()
            resting = not self._generations or self._precedence.gives_way
            if resting and self._precedence.memory_is_wanted:
                while idle := self._idle():
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

    async def _room_for(self, generation: Generation) -> LoadSpec:
        """End idle workers, the least recently used first, and wait for busy ones, until all of it fits.

        With no worker left it is planned as well as can be. Raises EngineError when it does not fit even so.
        """
        spec = generation.spec
        plan, devices = await self._plan(spec)
        while plan and not plan.is_whole and self._living:
            await self._end_one()
            plan, devices = await self._plan(spec)
        if plan and not plan.fits and not self._force:
            with self._precedence.wanting_memory():
                plan, devices = await self._plan_with_what_comes(generation)
        return as_planned(self._on_devices(spec), plan, devices)

    async def _plan_with_what_comes(self, generation: Generation) -> tuple[Plan | None, Sequence[Device]]:
        while True:
            # Asked first: what is given back after that shows in the plan.
            more_may_come = self._precedence.memory_may_come
            plan, devices = await self._plan(generation.spec)
            if plan is None or plan.fits:
                return plan, devices
            if not more_may_come:
                raise EngineError(f"{self._explain(generation.spec.path, plan)}; --force tries")
            generation.waits(MEMORY_IS_HELD_ELSEWHERE)
            await self._precedence.look_again_later()

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
