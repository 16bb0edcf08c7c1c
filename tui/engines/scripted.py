"""An engine that answers from a script: for tests and demonstrations, where speed or timing matters."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.engines.events import Delta, EngineFacts, Finished, Loaded, Loading, Started

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Collection

    from tui.engines.base import EngineEvent
    from tui.engines.events import FinishReason
    from tui.engines.llama.protocol import Generate, LoadSpec

Step = str | float | asyncio.Event
"""Text is a delta of one token, a number a pause in seconds, an event is waited for."""

FACTS = EngineFacts(
    build="scripted",
    architecture="scripted",
    description="answers from a script",
    parameters=0,
    context_length=2048,
    train_context_length=2048,
    threads=1,
    gpu_layers=0,
)


@dataclass(frozen=True)
class Script:
    steps: Sequence[Step]
    reason: FinishReason = "stop"
    error: str = ""
    """Makes the answer end as failed, after its steps."""
    loading: Sequence[float] = ()


Answers = Mapping[str, Script | Sequence[Step]] | Callable[["Generate"], Script | Sequence[Step]]
"""A mapping is looked up by the instruction; what is not in it gets an empty answer."""


class ScriptedEngine:
    """Implements `tui.engines.base.Engine`. Generations run side by side; memory holds `holds` weights."""

    def __init__(self, answers: Answers, *, facts: EngineFacts = FACTS, holds: int = 1) -> None:
        self.requests: list[tuple[LoadSpec, Generate]] = []
        self.closed = False
        self._answers = answers
        self._facts = facts
        self._holds = holds
        self._cancelled: dict[str, asyncio.Event] = {}

    def generate(self, spec: LoadSpec, request: Generate) -> AsyncIterator[EngineEvent]:
        self.requests.append((spec, request))
        self._cancelled[request.id] = asyncio.Event()
        return self._events(request, self._script(request))

    def cancel(self, generation_id: str) -> None:
        if cancelled := self._cancelled.get(generation_id):
            cancelled.set()

    async def make_room(self, spec: LoadSpec, *, beside: Collection[LoadSpec]) -> bool:
        return len({spec, *beside}) <= self._holds

    async def close(self) -> None:
        self.closed = True
        for cancelled in self._cancelled.values():
            cancelled.set()

    def _script(self, request: Generate) -> Script:
        if isinstance(self._answers, Mapping):
            answer = self._answers.get(request.instruction, ())
        else:
            answer = self._answers(request)
        return answer if isinstance(answer, Script) else Script(answer)

    async def _events(self, request: Generate, script: Script) -> AsyncGenerator[EngineEvent, None]:
        cancelled = self._cancelled[request.id]
        try:
            for fraction in script.loading:
                yield Loading(fraction=fraction)
            yield Loaded(facts=self._facts)
            yield _started(request)
            begun, first, tokens = time.perf_counter(), None, 0
            for step in script.steps:
                if cancelled.is_set() or not await _pass(step, cancelled):
                    break
                if isinstance(step, str):
                    tokens += 1
                    first = first or time.perf_counter() - begun
                    yield Delta(id=request.id, text=step, tokens=tokens)
            yield Finished(
                id=request.id,
                reason=_reason(script, cancelled),
                tokens=tokens,
                first_token_seconds=first,
                seconds=time.perf_counter() - begun,
                error="" if cancelled.is_set() else script.error,
            )
        finally:
            self._cancelled.pop(request.id, None)


def _started(request: Generate) -> Started:
    words = len(request.instruction.split())
    return Started(
        id=request.id,
        template=request.template or "",
        rendered_prompt=request.instruction,
        prompt_tokens=words,
    )


def _reason(script: Script, cancelled: asyncio.Event) -> FinishReason:
    if cancelled.is_set():
        return "cancelled"
    return "failed" if script.error else script.reason


async def _pass(step: Step, cancelled: asyncio.Event) -> bool:
    """Wait as the step says; false when the generation was cancelled meanwhile."""
    if isinstance(step, str):
        await asyncio.sleep(0)
        return True
    wait = step.wait() if isinstance(step, asyncio.Event) else asyncio.sleep(step)
    waiting = [asyncio.ensure_future(wait), asyncio.ensure_future(cancelled.wait())]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
    return not cancelled.is_set()
