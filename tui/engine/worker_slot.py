"""A worker in the pool: its process, and the generations it has been given."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec

from tui.engine.messages import Cancel, Finished, Load, Loaded, LoadFailed, Loading
from tui.engine.recovery import FirstBatch
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engine.ending import Ending
    from tui.engine.generation import Generation
    from tui.engine.messages import LoadSpec, WorkerEvent
    from tui.engine.planning import Planned
    from tui.engine.process import WorkerProcess


STUCK_SECONDS = 10.0
"""A worker that says nothing at all for so long, though a generation was cancelled, is ended."""


class WorkerSlot:
    """Listens until the process ends. `on_change` is called when it has loaded, may have become idle, is
    gone, is buried.

    A worker that is gone takes nothing any more; once it is buried its process has left the system too.
    """

    def __init__(
        self,
        spec: LoadSpec,
        process: WorkerProcess,
        on_change: Callable[[WorkerSlot], None],
        *,
        planned: Planned,
        on_death: Callable[[WorkerSlot, Ending, list[Generation]], None],
    ) -> None:
        """`spec` is what was asked for, `planned` how it is carried out. `on_death` is given what was running
        when the process ended though nobody here had asked for that."""
        self.spec = spec
        self.plan = planned.plan
        self.loaded = False
        self.gone = False
        self.buried = False
        self.decodes = False
        self.answered = False
        self.used = time.monotonic()
        self._process = process
        self._on_change = on_change
        self._on_death = on_death
        self._extra_layouts = planned.spec.extra_layouts
        self._first_batch = FirstBatch()
        self._cancelled: set[str] = set()
        self._generations: dict[str, Generation] = {}
        self._progress: Loading | Loaded | None = None
        self._failure = ""
        self._heard = 0
        self._closing: asyncio.Task[None] | None = None
        process.send(Load(spec=planned.spec))
        self._listening = asyncio.create_task(self._listen())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def busy(self) -> bool:
        return bool(self._generations)

    @property
    def has_extra_layouts(self) -> bool:
        """They are for what the CPU computes."""
        on_gpu = self.plan is not None and self.plan.placement.gpu_layers >= self.plan.layers
        return self._extra_layouts and not on_gpu

    @property
    def is_cramped(self) -> bool:
        """Whether it might be loaded anew with more context, now that it has nothing to do."""
        return not self.busy and self.plan is not None and self.plan.is_shortened

    def take(self, generation: Generation) -> None:
        """The worker queues it, also while it loads. How far that is, the newcomer is told first."""
        self.used = time.monotonic()
        if self._progress is not None:
            generation.put(self._progress)
        try:
            self._process.send(generation.request)
        except UnicodeEncodeError:
            generation.finish("failed", "the prompt holds characters that are not valid Unicode")
            return
        generation.slot = self
        self._generations[generation.id] = generation

    def cancel(self, generation_id: str) -> None:
        if generation_id in self._generations:
            self._cancelled.add(generation_id)
            self._process.send(Cancel(id=generation_id))
            self._expect_an_end(generation_id)

    def _expect_an_end(self, generation_id: str) -> None:
        asked, heard = time.monotonic(), self._heard

        def look() -> None:
            if generation_id not in self._generations or self.gone:
                return
            if self._heard == heard:
                self._end_stuck(time.monotonic() - asked)
            else:
                self._expect_an_end(generation_id)

        asyncio.get_running_loop().call_later(STUCK_SECONDS, look)

    def _end_stuck(self, seconds: float) -> None:
        self._failure = (
            f"the engine for {self._process.name} did not react for {seconds:.0f} seconds and was ended;"
            " run it again to start a fresh one"
        )
        self._process.kill()

    async def close(self) -> None:
        """End the process; what is running finishes as cancelled, after all it has written."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._process.close())
        # Whoever waits may be cancelled, the closing may not: it is what makes sure that the process ends.
        await asyncio.shield(self._closing)
        await asyncio.shield(self._listening)

    async def _listen(self) -> None:
        try:
            async for event in self._process.events():
                self._route(event)
        except (msgspec.DecodeError, ValueError) as error:
            self._failure = f"the engine's answer could not be understood: {safe_line(str(error))}"
            self._closing = self._closing or asyncio.create_task(self._process.close())
        self.gone = True
        self._on_change(self)
        ending = await self._process.ended()
        left = list(self._generations.values())
        self._generations.clear()
        self.buried = True
        self._on_change(self)
        self._part(left, ending)

    def _part(self, left: list[Generation], ending: Ending) -> None:
        """From those that are not finished, and cannot be any more by this process."""
        if self._failure:
            for generation in left:
                generation.finish("failed", self._failure)
            return
        for generation in left:
            if self._closing is not None or generation.id in self._cancelled:
                generation.finish("cancelled")
        if self._closing is None:
            self._on_death(self, ending, [each for each in left if not each.finished])

    def _route(self, event: WorkerEvent) -> None:
        self._heard += 1
        if self._first_batch.hear(event):
            self.decodes = True
            self._on_change(self)
        match event:
            case Loading() | Loaded():
                self._progress = event
                for generation in self._generations.values():
                    generation.put(event)
                if isinstance(event, Loaded):
                    self.loaded = True
                    self._on_change(self)
            case LoadFailed():
                self._failure = event.error
            case Finished():
                self.used = time.monotonic()
                self.answered = self.answered or event.reason in ("stop", "length")
                if ended := self._generations.pop(event.id, None):
                    ended.put(event)
                self._on_change(self)
            case _:
                if running := self._generations.get(event.id):
                    running.put(event)
