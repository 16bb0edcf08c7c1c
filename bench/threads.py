"""How many threads should generate, alone and beside a process that needs some of one core, as the app does.

    python bench/threads.py [--model FILE.gguf] [--rounds N] [--tokens N]

Every setting holds the weights in a worker of its own. They take turns in rounds, with each load in turn, so
that what else the machine does meets all of them; the table shows medians over the rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from smollm2 import SMOLLM2

from tui.catalogue.model import Sampling
from tui.engines.events import Finished, Loaded
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.process import ENVIRONMENT, WorkerProcess
from tui.engines.llama.protocol import Generate, Load, LoadFailed, LoadSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

LOADS = (0.0, 0.1, 0.3, 1.0)
THREADING = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")
WAITING: dict[str, dict[str, str]] = {
    "spinning": {},
    "asleep": {"OMP_WAIT_POLICY": "passive"},
    "spinning briefly": {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "500"},
}
PROMPT = "Tell a very long story about a fox, a river and a lighthouse. Begin at once and never end it."
BUSY = """
import sys, time
share, period = float(sys.argv[1]), 0.05
while True:
    begun = time.perf_counter()
    while time.perf_counter() - begun < share * period:
        pass
    time.sleep((1 - share) * period)
"""


class Setting(NamedTuple):
    threads: int
    waiting: str


class Speed(NamedTuple):
    reading: float
    writing: float


class Bench:
    def __init__(self, model: Path, tokens: int) -> None:
        self._model = model
        self._tokens = tokens
        self._workers: dict[Setting, WorkerProcess] = {}
        self.speeds: dict[tuple[Setting, float], list[Speed]] = defaultdict(list)

    async def start(self, settings: list[Setting], logs: Path) -> None:
        for setting in settings:
            extra = Layouts().extra
            spec = LoadSpec(path=str(self._model), threads=setting.threads, extra_layouts=extra)
            others = {name: value for name, value in ENVIRONMENT.items() if name not in THREADING}
            worker = await WorkerProcess.start(spec, logs, {**others, **WAITING[setting.waiting]})
            worker.send(Load(spec=spec))
            async for event in worker.events():
                assert not isinstance(event, LoadFailed), event
                if isinstance(event, Loaded):
                    break
            self._workers[setting] = worker
            await self.measure(setting)

    async def round(self) -> None:
        for load in LOADS:
            with beside(load):
                for setting in self._workers:
                    self.speeds[setting, load].append(await self.measure(setting))

    async def measure(self, setting: Setting) -> Speed:
        worker = self._workers[setting]
        request = Generate(id="1", instruction=PROMPT, sampling=Sampling(max_tokens=self._tokens))
        worker.send(request)
        prompt_tokens = 0
        async for event in worker.events():
            prompt_tokens = getattr(event, "prompt_tokens", prompt_tokens)
            if isinstance(event, Finished):
                assert event.tokens == self._tokens, f"the model ended early: {event}"
                assert event.first_token_seconds and event.tokens_per_second
                return Speed(prompt_tokens / event.first_token_seconds, event.tokens_per_second)
        raise RuntimeError("the worker died")

    async def close(self) -> None:
        await asyncio.gather(*(worker.close() for worker in self._workers.values()))


@contextmanager
def beside(load: float) -> Iterator[None]:
    if not load:
        yield
        return
    process = subprocess.Popen([sys.executable, "-c", BUSY, str(load)])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def table(bench: Bench, settings: list[Setting]) -> Iterator[str]:
    shares = [f"beside {load:.0%} of a core" if load else "alone" for load in LOADS]
    yield f"| threads | waiting | {' | '.join(shares)} | worst of those |"
    yield "|---|---|" + "---|" * (len(LOADS) + 1)
    for setting in settings:
        writing = {load: [speed.writing for speed in bench.speeds[setting, load]] for load in LOADS}
        cells = [f"{statistics.median(speeds):.0f}" for speeds in writing.values()]
        worst = min(min(speeds) for speeds in writing.values())
        yield f"| {setting.threads} | {setting.waiting} | {' | '.join(cells)} | {worst:.0f} |"
    yield ""
    yield "Reading the prompt, tokens/s: " + ", ".join(
        f"{setting.threads} {setting.waiting}: "
        + "/".join(
            f"{statistics.median(speed.reading for speed in bench.speeds[setting, load]):.0f}"
            for load in LOADS
        )
        for setting in settings
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=SMOLLM2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--threads", type=int, nargs="*")
    arguments = parser.parse_args()
    counts = arguments.threads or range(1, (os.cpu_count() or 1) + 1)
    settings = [
        Setting(count, waiting)
        for count in counts
        for waiting in WAITING
        if count > 1 or not WAITING[waiting]
    ]
    for name in THREADING:
        os.environ.pop(name, None)
    bench = Bench(arguments.model, arguments.tokens)
    print(
        f"{platform.machine()}, {os.cpu_count()} logical and {psutil.cpu_count(logical=False)} physical cores"
    )
    try:
        with tempfile.TemporaryDirectory() as logs:
            await bench.start(settings, Path(logs))
            for number in range(arguments.rounds):
                await bench.round()
                print(f"round {number + 1}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
            await bench.close()
    finally:
        print("\n".join(table(bench, settings)))


if __name__ == "__main__":
    asyncio.run(main())
