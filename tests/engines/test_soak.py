"""Many generations at once, with random stops, cancels and killed workers: none lost, none mixed, none left.

`SOAK_GENERATIONS=500` in the environment makes it longer.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import pytest
from cased_gguf import CAPITALS, SMALL, recital

from tui.engines.events import Delta, Started
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.protocol import Generate, LoadSpec

from .listening import PLAIN, Answer, ask, listen, until, worker_pids

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeTiny

GENERATIONS = int(os.environ.get("SOAK_GENERATIONS", "60"))
AT_ONCE = 9
RECITAL = "Hello, 世界! The quick brown fox jumps over it. naïve end"
KILLED = 0.03

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL"),
    pytest.mark.timeout(60 + 2 * GENERATIONS),
]


@dataclass
class Errand:
    spec: LoadSpec
    request: Generate
    text: str
    """What it writes when nobody disturbs it."""
    whole: str
    """What it would write without its stop text; what is held back for that comes when it is cut short."""
    cancelled_after: int | None = None
    """Deltas; 0 is when its prompt is being read."""
    kills: bool = False

    def disturb(self, engine: LlamaEngine, answer: Answer) -> None:
        begun = any(isinstance(event, Started) for event in answer.events)
        deltas = sum(isinstance(event, Delta) for event in answer.events)
        if begun and self.cancelled_after is not None and deltas >= self.cancelled_after:
            engine.cancel(self.request.id)
        if begun and self.kills:
            self.kills = False
            slot = engine._slots.get(self.spec)
            if slot is not None:
                os.kill(slot.pid, signal.SIGKILL)

    def check(self, answer: Answer) -> None:
        match answer.finished.reason:
            case "stop" | "length":
                assert answer.text == self.text
            case "cancelled":
                assert self.cancelled_after is not None
                assert self.whole.startswith(answer.text)
            case "failed":
                assert "was killed (SIGKILL)" in answer.finished.error
                assert self.whole.startswith(answer.text)


def errands(chance: random.Random, cased: LoadSpec, reciting: LoadSpec, other: LoadSpec) -> list[Errand]:
    made = []
    for number in range(GENERATIONS):
        spec = chance.choice([cased, cased, reciting, other])
        mark, tokens = chance.choice([CAPITALS, SMALL]), chance.randint(1, 400)
        whole = recital(mark, tokens) if spec is cased else RECITAL
        stop = chance.choice(["", whole[-3:], "zab", "ZABC", "界!", "fox"])
        request = ask(
            mark * chance.randint(1, 600),
            name=f"{number}",
            template=PLAIN,
            max_tokens=tokens if spec is cased else 500,
            stop_texts=(stop,) if stop else (),
        )
        text = whole.split(stop)[0] if stop else whole
        cancelled = chance.choice([None, None, None, 0, 1, 2])
        made.append(Errand(spec, request, text, whole, cancelled, kills=chance.random() < KILLED))
    return made


async def test_nothing_is_lost_doubled_mixed_or_left(
    cased_path: Path, tiny: MakeTiny, tmp_path: Path
) -> None:
    specs = [
        LoadSpec(path=str(cased_path), parallel=4),
        LoadSpec(path=str(tiny("falcon", recite=RECITAL)), parallel=2),
        LoadSpec(path=str(tiny("llama", recite=RECITAL)), parallel=1),
    ]
    planned = errands(random.Random(20240607), *specs)
    planned[GENERATIONS // 2].kills = True
    before = psutil.Process().num_fds()
    engine = LlamaEngine(log_folder=tmp_path, available=lambda _pids: 1 << 60)
    room = asyncio.Semaphore(AT_ONCE)

    async def run(errand: Errand) -> Answer:
        async with room:
            events = engine.generate(errand.spec, errand.request)
            return await listen(events, after=lambda answer: errand.disturb(engine, answer))

    answers = await asyncio.gather(*map(run, planned))
    left = set(engine._generations)
    await engine.close()

    for errand, answer in zip(planned, answers, strict=True):
        errand.check(answer)
    reasons = {answer.finished.reason for answer in answers}
    assert reasons == {"stop", "length", "cancelled", "failed"}
    assert left == set()
    await until(lambda: not worker_pids() and psutil.Process().num_fds() <= before)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system takes pages from a process at will")
async def test_the_memory_of_a_worker_does_not_grow(cased_path: Path, tmp_path: Path) -> None:
    chance = random.Random(20240607)
    spec = LoadSpec(path=str(cased_path), parallel=4)
    engine = LlamaEngine(log_folder=tmp_path)
    room = asyncio.Semaphore(6)

    async def run(number: int) -> None:
        mark = chance.choice([CAPITALS, SMALL])
        request = ask(
            mark * chance.randint(1, 600),
            name=f"{number}",
            template=PLAIN,
            max_tokens=chance.randint(1, 100),
            stop_texts=(chance.choice(["zab", "ZABC", "nothing like it"]),),
        )
        cancelled = chance.choice([None, None, 0, 1])
        errand = Errand(spec, request, "", "", cancelled)
        async with room:
            await listen(engine.generate(spec, request), after=lambda answer: errand.disturb(engine, answer))

    sizes = []
    for _ in range(3):
        await asyncio.gather(*map(run, range(5 * GENERATIONS)))
        [pid] = worker_pids()
        sizes.append(psutil.Process(pid).memory_info().rss)
    await engine.close()

    assert sizes[2] - sizes[1] < 200_000
