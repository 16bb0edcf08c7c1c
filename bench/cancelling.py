"""How soon a generation ends that is cancelled: milliseconds from the cancel to the last event.

    python bench/cancelling.py [--rounds N] [--after SECONDS]

SmolLM2 in a worker of four lanes: while it reads a prompt of 1,800 tokens alone, while one of four answers is
written, and while that prompt is read beside three answers. Fails where a limit is not kept: a second for a
long prompt, a fifth of one for an answer. The first cancel of a kind comes so long after the beginning, each
further one half of that later: on a fast GPU a prompt is read before --after is over unless it is short.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from smollm2 import SMOLLM2

from tui.catalogue.model import Sampling
from tui.engines.events import Delta, Finished, Started
from tui.engines.llama.engine import LlamaEngine
from tui.engines.request import Request
from tui.engines.target import LocalTarget

STORY = "Once upon a time there was a fox beside a river who wrote down the numbers from one to a thousand:"
LONG = "One two three four five. " * 300
TARGET = LocalTarget(SMOLLM2)
NAMES = count()


async def answer(engine: LlamaEngine, prompt: str, begun: type, delay: float | None = None) -> float:
    """Seconds that the cancel took, so long after the first event of the kind `begun`; 0 without a delay."""
    name, cancelled = str(next(NAMES)), 0.0

    def cancel() -> None:
        nonlocal cancelled
        cancelled = time.perf_counter()
        engine.cancel(name)

    sampling = Sampling(temperature=0, max_tokens=1200)
    # A beginning of its own: what a lane holds of the one before would not be read again.
    request = Request(
        id=name, instruction=f"{name}. {prompt}", template="{{ instruction }}", sampling=sampling
    )
    async for event in engine.generate(TARGET, request):
        if isinstance(event, begun) and delay is not None:
            asyncio.get_running_loop().call_later(delay, cancel)
            delay = None
        if isinstance(event, Finished) and cancelled:
            assert event.reason == "cancelled", event
            assert bool(event.tokens) == (begun is Delta), event
    return time.perf_counter() - cancelled if cancelled else 0.0


async def measure(rounds: int, after: float) -> dict[str, tuple[float, list[float]]]:
    with tempfile.TemporaryDirectory() as logs:
        engine = LlamaEngine(log_folder=Path(logs))
        engine.set_lanes(TARGET, 4)
        await answer(engine, STORY, Delta, 0.1)
        delays = [after * (1 + number / 2) for number in range(rounds)]
        alone = [await answer(engine, LONG, Started, delay) for delay in delays]
        others = [asyncio.create_task(answer(engine, STORY, Delta, 120)) for _ in range(3)]
        await answer(engine, STORY, Delta, 0.5)
        writing = [await answer(engine, STORY, Delta, delay) for delay in delays]
        reading = [await answer(engine, LONG, Started, delay) for delay in delays]
        assert not any(other.done() for other in others), "too many rounds: the others have ended"
        await engine.close()
        await asyncio.gather(*others)
    return {
        "reading 1,800 tokens alone": (1.0, alone),
        "one of four that write": (0.2, writing),
        "reading beside three that write": (1.0, reading),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--after", type=float, default=0.1)
    arguments = parser.parse_args()
    measured = asyncio.run(measure(arguments.rounds, arguments.after))
    print(f"load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    print("| | median ms | slowest ms | limit |\n|---|---|---|---|")
    for name, (limit, seconds) in measured.items():
        median, slowest = statistics.median(seconds) * 1000, max(seconds) * 1000
        print(f"| {name} | {median:.1f} | {slowest:.1f} | {limit * 1000:.0f} |")
    if any(max(seconds) > limit for limit, seconds in measured.values()):
        sys.exit("a limit was not kept")


if __name__ == "__main__":
    main()
