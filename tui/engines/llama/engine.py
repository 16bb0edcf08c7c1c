"""The llama.cpp engine: a worker per weights, as many at a time as memory allows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.engines.events import Finished
from tui.engines.llama.generation import Generation
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.planning import Planner
from tui.engines.llama.probing import gpus
from tui.engines.llama.process import COMMAND, WorkerProcess
from tui.engines.llama.recovery import Recovery
from tui.engines.llama.sharing.priority import MEMORY_IS_HELD_ELSEWHERE, THE_APP_IS_ANSWERING, Precedence
from tui.engines.llama.sharing.reservations import Reservations
from tui.engines.llama.watch import Limits
from tui.engines.llama.worker_slot import WorkerSlot
from tui.errors import EngineError
from tui.memory.free import free_memory, total_memory
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Iterable, Sequence

    from tui.engines.base import EngineEvent
    from tui.engines.llama.ending import Ending
    from tui.engines.llama.planning import Planned
    from tui.engines.llama.protocol import Generate, LoadSpec
    from tui.memory.free import Device
    from tui.memory.plan import Plan

BETTER_SECONDS = 5.0
"""How long weights that fit wait for others to make room in which they fit better, on a GPU for example."""


class LlamaEngine:
    """Implements `tui.engines.base.Engine`.

    What does not fit into memory fails with a line that says so, unless `force` is set. `explain` makes that
    line from the path of the weights and the plan. `devices`, `available`, `total` and `find_devices` are as
    in Planner. `precedence` is towards the engines of other processes, `reservations` are theirs too, as is
    what `layouts` remembers. `command` starts a worker.
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
        reservations: Reservations | None = None,
        layouts: Layouts | None = None,
        command: Sequence[str] = COMMAND,
        limits: Limits = Limits(),  # noqa: B008 - a tuple
    ) -> None:
        self._force = force
        self._explain = explain
        self._limits = limits
        self._log_folder = log_folder or paths.log_dir()
        self._precedence = precedence or Precedence()
        self._reservations = reservations or Reservations()
        self._recovery = Recovery(layouts or Layouts())
        self._command = command
        self._planner = Planner(
            devices=devices,
            available=available,
            total=total,
            find_devices=find_devices,
            reservations=self._reservations,
            extra_layouts=self._recovery.allows_extra_layouts,
        )
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
                if (await self._planner.plan(spec)).is_whole:
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
        except Exception as error:
            # Nobody awaits this: whoever asked would wait for ever for what a fault of ours has ended.
            generation.finish("failed", safe_line(f"llm-grader failed ({type(error).__name__}: {error})"))
            raise
        finally:
            self._precedence.want_memory(generation.id, False)

    async def _has_placed(self, generation: Generation) -> bool:
        """False when it has to wait for another process."""
        if self._gives_way(generation):
            return False
        spec = generation.spec
        if (slot := self._slots.get(spec)) is None or slot.is_cramped:
            async with self._starting:
                if self._gives_way(generation):
                    return False
                await self._end_if_cramped(spec)
                if spec not in self._slots and not await self._has_started(generation):
                    return False
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

    async def _end_if_cramped(self, spec: LoadSpec) -> None:
        slot = self._slots.get(spec)
        if not slot or not slot.plan or not slot.is_cramped:
            return
        anew = await self._planner.plan_anew(spec, slot.plan)
        has_context = anew.plan is None or (anew.plan.fits and not anew.plan.is_shortened)
        # Were anything cut, the start would wait for the others to end.
        if anew.is_whole or (has_context and self._living == {slot}):
            await self._end(slot)

    async def _start(self, generation: Generation, planned: Planned) -> None:
        spec = generation.spec
        try:
            process = await WorkerProcess.start(spec, self._log_folder, command=self._command)
        except OSError as error:
            generation.finish("failed", f"the engine could not be started: {safe_line(str(error))}")
            return
        slot = WorkerSlot(
            spec, process, self._on_change, planned=planned, on_death=self._on_death, limits=self._limits
        )
        self._slots[spec] = slot
        self._living.add(slot)
        self._reservations.make(slot.pid, slot.plan.placement if slot.plan else None)
        self._show_presence()
        if self._precedence.has_others and (self._watching is None or self._watching.done()):
            self._watching = asyncio.create_task(self._give_memory_back())

    async def _has_started(self, generation: Generation) -> bool:
        """End idle workers, the least recently used first, and wait for busy ones, until all of it fits.

        With no worker left it is started as well as can be; False when others give memory back that it needs.
        Raises EngineError when it does not fit even so.
        """
        while True:
            # Asked first: what is given back after that shows in the plan.
            more_may_come = self._precedence.memory_may_come
            async with self._reservations.planning():
                planned = await self._planner.plan(generation.spec)
                if planned.is_whole or not self._living:
                    if more_may_come and await self._is_worth_waiting(generation, planned):
                        self._precedence.want_memory(generation.id, True)
                        generation.waits(MEMORY_IS_HELD_ELSEWHERE)
                        return False
                    self._refuse_what_does_not_fit(planned)
                    await self._start(generation, planned)
                    return True
            await self._end_one()

    def _refuse_what_does_not_fit(self, planned: Planned) -> None:
        if planned.plan and not planned.plan.fits and not self._force:
            raise EngineError(f"{self._explain(planned.spec.path, planned.plan)}; --force tries")

    async def _is_worth_waiting(self, generation: Generation, planned: Planned) -> bool:
        """For all that it could be with the whole machine: as long as it takes to fit at all, and with all of
        the context, a moment to fit better."""
        if self._force or planned.is_whole or planned.plan is None:
            return False
        best = await self._planner.best(generation.spec)
        if best is None:
            return False
        if best.fits and (not planned.plan.fits or best.context_length > planned.plan.context_length):
            return True
        return best.is_whole and generation.waited(MEMORY_IS_HELD_ELSEWHERE) < BETTER_SECONDS

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

    def _on_death(self, slot: WorkerSlot, ending: Ending, generations: Iterable[Generation]) -> None:
        """Give what it was to write to another worker, in its order, where that may do better."""
        if self._recovery.loads_again(slot, ending):
            for generation in generations:
                generation.slot = None
                generation.placing = asyncio.create_task(self._place(generation))
            return
        log, hopeless = str(ending.log), self._recovery.is_hopeless(slot, ending)
        for generation in generations:
            generation.finish("failed", ending.line, log=log, hopeless=hopeless)

    def _on_change(self, slot: WorkerSlot) -> None:
        if slot.decodes:
            self._recovery.decoded(slot)
        if slot.loaded and not slot.gone:
            self._reservations.loaded(slot.pid, slot.plan.placement if slot.plan else None)
        if slot.gone and self._slots.get(slot.spec) is slot:
            del self._slots[slot.spec]
        if slot.buried:
            self._living.discard(slot)
            self._reservations.end(slot.pid)
            self._show_presence()
        self._changed.set()

    def _forget(self, generation: Generation) -> None:
        if self._generations.get(generation.id) is generation:
            del self._generations[generation.id]
            self._show_presence()

    def _show_presence(self) -> None:
        self._precedence.show(generating=bool(self._generations), holding=bool(self._living))
