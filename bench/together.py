"""Whether several weights generate faster together or one after another.

    python bench/together.py [--model FILE.gguf] [--weights N...] [--parallel N...] [--rounds N] [--tokens N]

The same file under several names, each in a worker of its own that is loaded before: all their answers one
weights after another, then all at the same time. Ratios are of one round, the table shows their medians.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from smollm2 import SMOLLM2

from tui.catalogue.model import Sampling
from tui.engines.events import Finished
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.protocol import Generate, LoadSpec

STORY = "Once upon a time there was a fox beside a river who wrote down the numbers from one to a thousand:"


class Bench:
    def __init__(self, engine: LlamaEngine, tokens: int) -> None:
        self._engine = engine
        self._tokens = tokens
        self._names = count()

    async def answers(self, spec: LoadSpec) -> None:
        """As many as run at once."""
        await asyncio.gather(*(self._answer(spec) for _ in range(spec.parallel)))

    async def _answer(self, spec: LoadSpec) -> None:
        name = str(next(self._names))
        request = Generate(
            id=name,
            template="{{ instruction }}",
            instruction=f"{name}. {STORY}",
            sampling=Sampling(temperature=0, max_tokens=self._tokens),
        )
        async for event in self._engine.generate(spec, request):
            assert not isinstance(event, Finished) or event.reason != "failed", event

    async def round(self, specs: list[LoadSpec]) -> float:
        begun = time.perf_counter()
        for spec in specs:
            await self.answers(spec)
        between = time.perf_counter()
        await asyncio.gather(*map(self.answers, specs))
        return (time.perf_counter() - between) / (between - begun)


async def measure(arguments: argparse.Namespace, folder: Path, weights: int, parallel: int) -> list[float]:
    paths = [folder / f"{number}.gguf" for number in range(weights)]
    for path in paths:
        if not path.exists():
            path.symlink_to(arguments.model.resolve())
    specs = [LoadSpec(path=str(path), parallel=parallel, context_length=512) for path in paths]
    engine = LlamaEngine(log_folder=folder / "logs")
    bench = Bench(engine, arguments.tokens)
    for spec in specs:
        await bench.answers(spec)
    ratios = [await bench.round(specs) for _ in range(arguments.rounds)]
    await engine.close()
    return ratios


async def rows(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for weights in arguments.weights:
            for parallel in arguments.parallel:
                ratios = await measure(arguments, Path(folder), weights, parallel)
                print(
                    f"| {weights} | {parallel} | {statistics.median(ratios):.2f}"
                    f" | {min(ratios):.2f}-{max(ratios):.2f} |"
                )
                print(f"load average {os.getloadavg()[0]:.1f}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=SMOLLM2)
    parser.add_argument("--weights", type=int, nargs="*", default=[2, 4])
    parser.add_argument("--parallel", type=int, nargs="*", default=[1, 4])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=48)
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, {arguments.model.name}")
    print("| weights | answers of each at a time | time together | lowest and highest |\n|---|---|---|---|")
    asyncio.run(rows(arguments))


if __name__ == "__main__":
    main()
