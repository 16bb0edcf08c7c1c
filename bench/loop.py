"""How close one answer at a time comes to llama.cpp itself, and whether a token late in it costs more.

    python bench/loop.py [--model FILE.gguf] [--rounds N] [--tokens N] [--threads N] [--prompt TEXT]

Three ways to write the same tokens, greedy, with the same threads, each in a process of its own that holds
the weights: llm-grader's worker, driven over its pipes; a bare loop of llama_decode and llama.cpp's greedy
sampler, which makes no text; and the binding's `create_completion(stream=True)`. They take turns in rounds; a
time is from the start of the prompt to the last token, ratios are of one round, and the table shows their
medians.

Without --model it is a tiny GPT-NeoX of random weights, on which Python's share shows, and a prompt of 400
tokens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from tiny_neox import write

from tui.catalogue.model import Sampling
from tui.engines.events import Delta, Finished, Loaded, Started
from tui.engines.llama.layouts import Layouts
from tui.engines.llama.process import ENVIRONMENT, WorkerProcess
from tui.engines.llama.protocol import Generate, Load, LoadFailed, LoadSpec
from tui.engines.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTEXT = 2048
EARLY, LATE, SPAN = 50, 1500, 100
BARE = """
import ctypes, sys, time
import llama_cpp.llama_cpp as llama
from as_a_worker import load_as_a_worker

load_as_a_worker()

path, context_length, threads, tokens, prompt = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
llama.llama_backend_init()
model = llama.llama_model_load_from_file(path.encode(), llama.llama_model_default_params())
params = llama.llama_context_default_params()
params.n_ctx, params.n_batch, params.n_ubatch = context_length, 512, 512
params.n_threads = params.n_threads_batch = threads
context = llama.llama_init_from_model(model, params)
vocabulary, memory = llama.llama_model_get_vocab(model), llama.llama_get_memory(context)
chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
llama.llama_sampler_chain_add(chain, llama.llama_sampler_init_greedy())
text = prompt.encode()
room = (llama.llama_token * (len(text) + 2))()
print("ready", flush=True)
for _ in sys.stdin:
    begun = time.perf_counter()
    llama.llama_memory_clear(memory, True)
    count = llama.llama_tokenize(vocabulary, text, len(text), room, len(room), True, False)
    for start in range(0, count, 512):
        chunk = room[start : min(start + 512, count)]
        piece = (llama.llama_token * len(chunk))(*chunk)
        assert llama.llama_decode(context, llama.llama_batch_get_one(piece, len(piece))) == 0
    one = (llama.llama_token * 1)()
    batch = llama.llama_batch_get_one(one, 1)
    one[0] = llama.llama_sampler_sample(chain, context, -1)
    times = [time.perf_counter() - begun]
    while len(times) < tokens:
        assert llama.llama_decode(context, batch) == 0
        one[0] = llama.llama_sampler_sample(chain, context, -1)
        times.append(time.perf_counter() - begun)
    print(times, flush=True)
"""
BINDING = """
import sys, time
import llama_cpp
from as_a_worker import load_as_a_worker

load_as_a_worker()
path, context_length, threads, tokens, prompt = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5]
model = llama_cpp.Llama(
    path, n_ctx=context_length, n_threads=threads, n_threads_batch=threads, n_gpu_layers=-1, flash_attn=True,
    verbose=False,
)
print("ready", flush=True)
for _ in sys.stdin:
    begun = time.perf_counter()
    model.reset()
    pieces = model.create_completion(prompt, max_tokens=tokens, temperature=0.0, stream=True)
    print([time.perf_counter() - begun for _ in pieces], flush=True)
"""


class Point(NamedTuple):
    tokens: int
    seconds: float


class Script:
    """A child that writes one answer per line it is sent, and says how many seconds it took."""

    def __init__(self, script: str, model: Path, threads: int, tokens: int, prompt: str) -> None:
        arguments = [str(model), str(CONTEXT), str(threads), str(tokens), prompt]
        self._process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**ENVIRONMENT, **os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert self._process.stdout and self._process.stdout.readline() == "ready\n"

    async def points(self) -> list[Point]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        times = json.loads(await asyncio.to_thread(self._process.stdout.readline))
        return [Point(number, seconds) for number, seconds in enumerate(times, 1)]

    async def close(self) -> None:
        self._process.communicate()


class Ours:
    def __init__(self, worker: WorkerProcess, tokens: int, prompt: str) -> None:
        self._worker = worker
        sampling = Sampling(temperature=0, max_tokens=tokens)
        self._request = Request(id="1", instruction=prompt, template="{{ instruction }}", sampling=sampling)

    @classmethod
    async def start(cls, model: Path, threads: int, tokens: int, prompt: str, logs: Path) -> Self:
        extra = Layouts().extra
        spec = LoadSpec(path=str(model), threads=threads, context_length=CONTEXT, extra_layouts=extra)
        worker = await WorkerProcess.start(spec, logs)
        worker.send(Load(spec=spec))
        async for event in worker.events():
            assert not isinstance(event, LoadFailed), event
            if isinstance(event, Loaded):
                break
        return cls(worker, tokens, prompt)

    async def points(self) -> list[Point]:
        """Where its deltas arrived; the last as the worker itself has it."""
        self._worker.send(Generate(request=self._request))
        begun, points = 0.0, []
        async for event in self._worker.events():
            match event:
                case Started(prompt_tokens=read):
                    begun, self.prompt_tokens = time.perf_counter(), read
                case Delta(tokens=tokens):
                    points.append(Point(tokens, time.perf_counter() - begun))
                case Finished(tokens=tokens, seconds=seconds):
                    assert tokens == self._request.sampling.max_tokens, f"it ended early: {event}"
                    return [*points, Point(tokens, seconds)]
        raise RuntimeError("the worker died")

    async def close(self) -> None:
        await self._worker.close()


def between(points: list[Point], first: int, last: int) -> float:
    """Seconds per token between two tokens of an answer."""
    tokens, seconds = zip(*points, strict=True)
    begun, ended = np.interp([first, last], tokens, seconds)
    return float(ended - begun) / (last - first)


def table(rounds: dict[str, list[list[Point]]], tokens: int) -> Iterator[str]:
    yield "| | tokens/s | of the bare loop | lowest and highest |"
    yield "|---|---|---|---|"
    bare = [points[-1].seconds for points in rounds["bare loop"]]
    for name, answers in rounds.items():
        taken = [points[-1].seconds for points in answers]
        ratios = [base / one for base, one in zip(bare, taken, strict=True)]
        yield (
            f"| {name} | {tokens / statistics.median(taken):.0f} | {statistics.median(ratios):.2f}"
            f" | {min(ratios):.2f}-{max(ratios):.2f} |"
        )
    ours = [points[-1].seconds for points in rounds["llm-grader"]]
    binding = [points[-1].seconds for points in rounds["the binding"]]
    faster = [one / other for one, other in zip(binding, ours, strict=True)]
    yield f"\nllm-grader is {statistics.median(faster):.2f} times as fast as the binding."
    if tokens >= LATE + SPAN:
        for name, answers in rounds.items():
            early = statistics.median(between(points, EARLY, EARLY + SPAN) for points in answers)
            late = statistics.median(between(points, LATE, LATE + SPAN) for points in answers)
            yield (
                f"A token of {name}: {early * 1000:.2f} ms from the {EARLY}th on,"
                f" {late * 1000:.2f} ms from the {LATE}th on ({late / early:.2f})."
            )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--tokens", type=int, default=400)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--prompt", default="w1 " * 133)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = arguments.model or Path(folder, "tiny-neox.gguf")
        if not arguments.model:
            write(model)
        what = (model, arguments.threads, arguments.tokens, arguments.prompt)
        ours = await Ours.start(*what, Path(folder))
        sides = {"bare loop": Script(BARE, *what), "llm-grader": ours, "the binding": Script(BINDING, *what)}
        rounds: dict[str, list[list[Point]]] = {name: [] for name in sides}
        for number in range(arguments.rounds + 1):
            for name, side in sides.items():
                points = await side.points()
                if number:  # the first round warms up
                    rounds[name].append(points)
            print(f"round {number}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
        for side in sides.values():
            await side.close()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores; threads: {arguments.threads}; {model.name};", end=" "
    )
    print(f"prompt of {ours.prompt_tokens} tokens, answer of {arguments.tokens}\n")
    print("\n".join(table(rounds, arguments.tokens)))


if __name__ == "__main__":
    asyncio.run(main())
