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
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from batching_sides import SLOTS, Binding, Layout, Ours, Server
from smollm2 import SMOLLM2

from tui.engines.llama.threads import how_to_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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


def serve(side: Callable[[], None]) -> None:
    for _line in sys.stdin:
        begun = time.perf_counter()
        side()
        print(time.perf_counter() - begun, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=SMOLLM2)
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


def made(what: str, arguments: argparse.Namespace) -> Ours | Binding | Server:
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


if __name__ == "__main__":
    main()
