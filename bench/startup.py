"""How long the program takes to start, against the least that its libraries take.

    python bench/startup.py [--rounds N]

`--help` is measured against importing click, the app's first frame against that of a Textual app with one
word in it. Each pair starts back to back in every round, so that what else the machine does meets both. The
first frame is there when its last word has come out of the pseudo-terminal (POSIX only).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import pexpect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

EMPTY_APP = """
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("ready")

Empty().run()
"""

Seconds = float


class Pair(NamedTuple):
    name: str
    least: Callable[[], Seconds]
    ours: Callable[[], Seconds]


def until_end(*arguments: str) -> Seconds:
    begun = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - begun


def until_shown(words: Iterable[str], arguments: Sequence[str]) -> Seconds:
    """Until each of the words has come out, in whichever order they are drawn."""
    begun = perf_counter()
    child = pexpect.spawn(sys.executable, list(arguments), dimensions=(36, 120), timeout=60)
    missing = list(words)
    while missing:
        del missing[child.expect_exact(missing)]
    taken = perf_counter() - begun
    child.close(force=True)
    return taken


def pairs(folder: Path) -> list[Pair]:
    empty = folder / "empty.py"
    empty.write_text(EMPTY_APP)
    app = [
        "-m",
        "tui",
        "demo",
        "-m",
        "smollm2-greedy",
        "-m",
        "smollm2-raw",
        "--db",
        str(folder / "grades.db"),
    ]
    return [
        Pair("`--help`", lambda: until_end("-c", "import click"), lambda: until_end("-m", "tui", "--help")),
        Pair(
            "first frame",
            lambda: until_shown(["ready"], [str(empty)]),
            lambda: until_shown(["opening"], app),
        ),
        Pair(
            "first prompt on the desk",
            lambda: until_shown(["ready"], [str(empty)]),
            lambda: until_shown(["Sum of two", "Quit", "no answer yet", "fail"], app),
        ),
    ]


def table(measured: dict[str, list[tuple[Seconds, Seconds]]]) -> str:
    lines = [
        "| | the least | llm-grader | ratio | ratio in the middle half of the rounds |",
        "|---|---|---|---|---|",
    ]
    for name, rounds in measured.items():
        least, ours = (statistics.median(side) for side in zip(*rounds, strict=True))
        low, ratio, high = statistics.quantiles((after / before for before, after in rounds), n=4)
        lines.append(
            f"| {name} | {least * 1000:.0f} ms | {ours * 1000:.0f} ms | {ratio:.2f} | {low:.2f}-{high:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        for variable in ("DATA_DIR", "CONFIG_DIR", "STATE_DIR"):
            os.environ[f"LLM_GRADER_{variable}"] = name
        compared = pairs(Path(name))
        measured: dict[str, list[tuple[Seconds, Seconds]]] = {pair.name: [] for pair in compared}
        for number in range(rounds + 1):
            for pair in compared:
                times = pair.least(), pair.ours()
                if number:  # the first round compiles, and makes the database
                    measured[pair.name].append(times)
    print(table(measured))
    print(f"\n{rounds} rounds, load average {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
