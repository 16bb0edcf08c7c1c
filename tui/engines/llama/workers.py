"""The workers of one engine: which weights they hold, which of them rest, which still live."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.engines.llama.process import WorkerProcess
from tui.engines.llama.worker_slot import WorkerSlot
from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from tui.engines.llama.ending import Ending
    from tui.engines.llama.generation import Generation
    from tui.engines.llama.planning import Planned
    from tui.engines.llama.protocol import LoadSpec
    from tui.engines.llama.sharing.reservations import Reservations
    from tui.engines.llama.watch import Limits
    from tui.memory.placement import Placement


class Workers:
    """`on_change` hears of a worker that was started, has loaded, may have become idle, is gone, is buried;
    `on_death` as by WorkerSlot."""

    def __init__(
        self,
        *,
        command: Sequence[str],
        log_folder: Path,
        limits: Limits,
        reservations: Reservations,
        on_change: Callable[[WorkerSlot], None],
        on_death: Callable[[WorkerSlot, Ending, list[Generation]], None],
    ) -> None:
        self.living: set[WorkerSlot] = set()
        """The workers whose process has not left the system."""
        self._holding: dict[LoadSpec, WorkerSlot] = {}
        self._command = command
        self._log_folder = log_folder
        self._limits = limits
        self._reservations = reservations
        self._told = on_change
        self._on_death = on_death
        self._changed = asyncio.Event()

    def holding(self, spec: LoadSpec) -> WorkerSlot | None:
        """The one that holds these weights, or is loading them."""
        return self._holding.get(spec)

    async def start(self, spec: LoadSpec, planned: Planned) -> None:
        """Raises EngineError."""
        try:
            process = await WorkerProcess.start(spec, self._log_folder, command=self._command)
        except OSError as error:
            raise EngineError(f"the engine could not be started: {safe_line(str(error))}") from error
        slot = WorkerSlot(
            spec, process, self._on_change, planned=planned, on_death=self._on_death, limits=self._limits
        )
        self._holding[spec] = slot
        self.living.add(slot)
        self._reservations.make(slot.pid, _placement(slot))
        self._told(slot)

    def idle(self, keep: Collection[LoadSpec] = ()) -> WorkerSlot | None:
        """The one that was not used for longest."""
        idle = (slot for slot in self._holding.values() if not slot.busy and slot.spec not in keep)
        return min(idle, key=lambda slot: slot.used, default=None)

    async def end(self, slot: WorkerSlot) -> None:
        self._holding.pop(slot.spec, None)
        await slot.close()

    async def end_one(self) -> None:
        """An idle one; if there is none, wait for whichever is the first to become idle or to change
        otherwise."""
        if idle := self.idle():
            await self.end(idle)
        else:
            self._changed.clear()
            await self._changed.wait()

    async def close(self) -> None:
        await asyncio.gather(*(slot.close() for slot in self.living))

    def _on_change(self, slot: WorkerSlot) -> None:
        if slot.loaded and not slot.gone:
            self._reservations.loaded(slot.pid, _placement(slot))
        if slot.gone and self._holding.get(slot.spec) is slot:
            del self._holding[slot.spec]
        if slot.buried:
            self.living.discard(slot)
            self._reservations.end(slot.pid)
        self._told(slot)
        self._changed.set()


def _placement(slot: WorkerSlot) -> Placement | None:
    return slot.plan.placement if slot.plan else None
