"""Admission: a generation waits for memory and for other processes, makes room, or is refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.engines.llama.sharing.priority import MEMORY_IS_HELD_ELSEWHERE, THE_APP_IS_ANSWERING
from tui.errors import EngineError
from tui.memory.fit import Fit
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Collection

    from tui.engines.llama.generation import Generation
    from tui.engines.llama.planning import Planned, Planner
    from tui.engines.llama.protocol import LoadSpec
    from tui.engines.llama.sharing.priority import Priority
    from tui.engines.llama.sharing.reservations import Reservations
    from tui.engines.llama.workers import Workers
    from tui.engines.target import LocalTarget
    from tui.memory.plan import Plan

BETTER_SECONDS = 5.0
"""The wait of weights that fit for room in which they fit better, on a GPU for example."""


class Admission:
    """Gives each generation to the worker that holds its weights, started first if need be. What does not fit
    into memory is refused, unless `force` is set."""

    def __init__(
        self,
        workers: Workers,
        *,
        planner: Planner,
        priority: Priority,
        reservations: Reservations,
        force: bool,
    ) -> None:
        self._workers = workers
        self._planner = planner
        self._priority = priority
        self._reservations = reservations
        self._force = force
        self._starting = asyncio.Lock()

    async def place(self, generation: Generation) -> None:
        try:
            while not generation.finished and not await self._has_placed(generation):
                await self._priority.look_again_later()
        except EngineError as error:
            generation.finish("failed", safe_line(str(error)))
        except Exception as error:
            # Nobody awaits this: whoever asked would wait for ever for what a fault of ours has ended.
            generation.finish("failed", safe_line(f"llm-grader failed ({type(error).__name__}: {error})"))
            raise
        finally:
            self._priority.want_memory(generation.id, False)

    async def make_room(self, spec: LoadSpec, *, beside: Collection[LoadSpec]) -> bool:
        async with self._starting:
            while True:
                if (await self._planner.plan(spec)).is_whole:
                    return True
                if not (idle := self._workers.idle(beside)):
                    return False
                await self._workers.end(idle)

    async def _has_placed(self, generation: Generation) -> bool:
        """False when it has to wait for another process."""
        if self._gives_way(generation):
            return False
        spec = generation.spec
        if (slot := self._workers.holding(spec)) is None or slot.is_cramped:
            async with self._starting:
                if self._gives_way(generation):
                    return False
                await self._end_if_cramped(spec)
                if not self._workers.holding(spec) and not await self._has_started(generation):
                    return False
        if slot := self._workers.holding(spec):
            slot.take(generation)
        return bool(slot) or generation.finished

    def _gives_way(self, generation: Generation) -> bool:
        if not self._priority.gives_way:
            return False
        generation.waits(THE_APP_IS_ANSWERING)
        return True

    async def _end_if_cramped(self, spec: LoadSpec) -> None:
        slot = self._workers.holding(spec)
        if not slot or not slot.plan or not slot.is_cramped:
            return
        anew = await self._planner.plan_anew(spec, slot.plan)
        has_context = anew.plan is None or (anew.plan.fits and not anew.plan.is_shortened)
        # Were anything cut, the start would wait for the others to end.
        if anew.is_whole or (has_context and self._workers.living == {slot}):
            await self._workers.end(slot)

    async def _has_started(self, generation: Generation) -> bool:
        """End idle workers, the least recently used first, and wait for busy ones, until all of it fits.

        With no worker left it is started as well as can be; False when others give memory back that it needs.
        Raises EngineError when it does not fit even so.
        """
        while True:
            # Asked first: what is given back after that shows in the plan.
            more_may_come = self._priority.memory_may_come
            async with self._reservations.planning():
                planned = await self._planner.plan(generation.spec)
                if planned.is_whole or not self._workers.living:
                    if more_may_come and await self._is_worth_waiting(generation, planned):
                        self._priority.want_memory(generation.id, True)
                        generation.waits(MEMORY_IS_HELD_ELSEWHERE)
                        return False
                    self._refuse_what_does_not_fit(generation.target, planned)
                    await self._workers.start(generation.spec, planned)
                    return True
            await self._workers.end_one()

    def _refuse_what_does_not_fit(self, target: LocalTarget, planned: Planned) -> None:
        if planned.plan and not planned.plan.fits and not self._force:
            raise EngineError(f"{_line(target, planned.plan)}; --force tries")

    async def _is_worth_waiting(self, generation: Generation, planned: Planned) -> bool:
        """True if waiting for memory is worth it: as long as it takes to fit at all, or with more of the
        context; a moment to fit better."""
        if self._force or planned.is_whole or planned.plan is None:
            return False
        best = await self._planner.best(generation.spec)
        if best is None:
            return False
        if best.fits and (not planned.plan.fits or best.context_length > planned.plan.context_length):
            return True
        return best.is_whole and generation.waited(MEMORY_IS_HELD_ELSEWHERE) < BETTER_SECONDS


def _line(target: LocalTarget, plan: Plan) -> str:
    """The refusal, with the model's own name where it is known, and its smaller files that fit."""
    return Fit(target.model, target.source, plan).line if target.model else plan.line(target.path.name)
