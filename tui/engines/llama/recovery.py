"""Recovery after the death of a worker: another load of the same weights, or a line to the person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from tui.engines.events import Delta, Finished, Started

if TYPE_CHECKING:
    from tui.engines.llama.ending import Ending
    from tui.engines.llama.layouts import Layouts
    from tui.engines.llama.protocol import LoadSpec, WorkerEvent

MOST_DEATHS = 2
"""Deaths in a row, without a finished answer between them: what comes after would die as well."""


class FirstBatch:
    """A record of whether a worker has lived through a decode of several tokens at once: single ones say
    nothing about the layouts that crash."""

    def __init__(self) -> None:
        self.done = False
        self._long: set[str] = set()

    def hear(self, event: WorkerEvent) -> bool:
        """True when this event is the first that shows it."""
        match event:
            case Started(id=id_, prompt_tokens=tokens) if tokens > 1:
                self._long.add(id_)
            case Delta(id=id_, tokens=tokens) | Finished(id=id_, tokens=tokens) if tokens and not self.done:
                self.done = id_ in self._long
                return self.done
        return False


class Worker(Protocol):
    """The facts about a worker on which the recovery depends."""

    @property
    def spec(self) -> LoadSpec:
        """The load specification as it was asked for."""
        ...

    @property
    def has_extra_layouts(self) -> bool: ...

    @property
    def loaded(self) -> bool: ...

    @property
    def decodes(self) -> bool:
        """It has lived through its first batch."""
        ...

    @property
    def answered(self) -> bool:
        """It has brought an answer to its end."""
        ...


class Recovery:
    """The recovery of one engine. It loads once more for each reason, so no two reasons go in circles."""

    def __init__(self, layouts: Layouts) -> None:
        self._layouts = layouts
        self._plain: set[LoadSpec] = set()
        """Crashed with the extra layouts, and are loaded without them since."""
        self._acquitted: set[LoadSpec] = set()
        """Those that crash all the same, or crashed for want of their file: nothing is learnt from them."""
        self._killed: set[LoadSpec] = set()
        self._deaths: Counter[LoadSpec] = Counter()

    def allows_extra_layouts(self, spec: LoadSpec) -> bool:
        return spec not in self._plain and self._layouts.extra

    def decoded(self, worker: Worker) -> None:
        """It has lived through its first batch."""
        self._killed.discard(worker.spec)
        if worker.spec in self._plain - self._acquitted and not worker.has_extra_layouts:
            self._layouts.remember_crash()

    def loads_again(self, worker: Worker, ending: Ending) -> bool:
        """True if the generations of a worker that died are worth another load."""
        spec = worker.spec
        if not worker.decodes and (ending.faulted or (worker.loaded and ending.crashed)):
            if worker.has_extra_layouts:
                self._plain.add(spec)
                if ending.unreadable and not worker.loaded:
                    self._acquitted.add(spec)
                return True
            self._acquitted.add(spec)
        elif ending.killed and not worker.loaded and spec not in self._killed:
            self._killed.add(spec)
            return True
        self._deaths[spec] = 1 if worker.answered else self._deaths[spec] + 1
        return False

    def is_hopeless(self, worker: Worker, ending: Ending) -> bool:
        """True if others of the same weights would die as well, after a death without recovery."""
        if not worker.loaded or (not worker.decodes and ending.crashed):
            return True
        return self._deaths[worker.spec] >= MOST_DEATHS
