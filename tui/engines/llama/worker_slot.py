"""A worker of the engine: its process, and the generations it has been given."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import msgspec

from tui.engines.events import Finished, Loaded, Loading
from tui.engines.llama.protocol import Beat, Cancel, Generate, Load, LoadFailed
from tui.engines.llama.recovery import FirstBatch
from tui.engines.llama.requests import ended_by_its_time, sendable
from tui.engines.llama.watch import Limits, Watch
from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.llama.ending import Ending
    from tui.engines.llama.generation import Generation
    from tui.engines.llama.planning import Planned
    from tui.engines.llama.process import WorkerProcess
    from tui.engines.llama.protocol import LoadSpec, WorkerEvent


STUCK_SECONDS = 10.0
"""A worker whose work does not move for so long, though a generation was cancelled, is ended."""
_ENDING_SECONDS = 1.0
"""From the end of its output to that of the process, else it is made to."""


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
        limits: Limits = Limits(),  # noqa: B008 - a tuple
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
        self._limits = limits
        self._watch = Watch(limits)
        self._overdue: set[str] = set()
        process.send(Load(spec=planned.spec))
        self._listening = asyncio.create_task(self._listen())
        self._watching = asyncio.create_task(self._keep_limits())

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
        """True if it might be loaded anew with more context, as it has nothing to do."""
        return not self.busy and self.plan is not None and self.plan.is_shortened

    def take(self, generation: Generation) -> None:
        """The worker queues it, also while it loads. The newcomer hears first how far loading is."""
        self.used = time.monotonic()
        if self._progress is not None:
            generation.put(self._progress)
        try:
            self._process.send(Generate(request=sendable(generation.request)))
        except UnicodeEncodeError:
            generation.finish("failed", "the prompt holds characters that are not valid Unicode")
            return
        except EngineError as error:
            generation.finish("failed", str(error))
            return
        generation.slot = self
        self._generations[generation.id] = generation

    def cancel(self, generation_id: str) -> None:
        if generation_id in self._generations:
            self._cancelled.add(generation_id)
            self._overdue.discard(generation_id)
            self._process.send(Cancel(id=generation_id))
            self._expect_an_end(generation_id)

    def _expect_an_end(self, generation_id: str) -> None:
        asked, heard = time.monotonic(), self._heard

        def look() -> None:
            if generation_id not in self._generations or self.gone:
                return
            if self._heard == heard:
                self._end(f"did not react for {time.monotonic() - asked:.0f} seconds")
            else:
                self._expect_an_end(generation_id)

        asyncio.get_running_loop().call_later(STUCK_SECONDS, look)

    def _end(self, fault: str) -> None:
        """`fault` is what is wrong with it, in words that follow its name."""
        name = self._process.name
        self._failure = f"the engine for {name} {fault} and was ended; run it again to start a fresh one"
        self._process.kill()

    async def _keep_limits(self) -> None:
        while not self.gone:
            await asyncio.sleep(self._limits.tick)
            if self.loaded and not self.busy:
                self._watch.rest()
                continue
            generations = list(self._generations.values())
            if fault := self._watch.fault(generations, self._process.is_stopped):
                self._end(fault)
                return
            for generation in self._watch.overdue(generations):
                if generation.id not in self._cancelled:
                    self.cancel(generation.id)
                    self._overdue.add(generation.id)

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
            self._process.kill()
            await self._process.discard_output()
        self.gone = True
        self._watching.cancel()
        self._on_change(self)
        if not await self._process.leave(_ENDING_SECONDS) and not self._failure and self._closing is None:
            self._end("closed its output")
        ending = await self._process.ended()
        left = list(self._generations.values())
        self._generations.clear()
        self.buried = True
        self._on_change(self)
        self._part(left, ending)

    def _part(self, left: list[Generation], ending: Ending) -> None:
        """Take leave of the unfinished generations, which this process cannot finish any more."""
        if self._failure:
            for generation in left:
                generation.finish("failed", self._failure)
            return
        for generation in left:
            if self._closing is not None or generation.id in self._cancelled - self._overdue:
                generation.finish("cancelled")
        if self._closing is None:
            self._on_death(self, ending, [each for each in left if not each.finished])

    def _route(self, event: WorkerEvent) -> None:
        self._heard += self._watch.hear(event)
        if self._first_batch.hear(event):
            self.decodes = True
            self._on_change(self)
        match event:
            case Beat():
                return
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
                    is_late = event.id in self._overdue
                    ended.put(ended_by_its_time(event, ended.request.seconds) if is_late else event)
                self._on_change(self)
            case _:
                if running := self._generations.get(event.id):
                    running.put(event)
