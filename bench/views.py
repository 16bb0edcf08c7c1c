"""What the shape of an answer costs: a key in four panes of it, against a key in four short answers; and what
four panes cost that write 20 tokens a second each.

    python bench/views.py [--rounds N] [--seconds N] [--only NAME] [--against CHECKOUT]

The app of the tests, on a scripted engine, in a pseudo-terminal of 120x36 that is read as fast as it writes.
Tab lasts from its press to the first byte of the frame that follows, a grade until the screen counts it;
beside that, what the key takes of a core until nothing moves any more, which other work on the machine does
not change. With `--against`, another checkout of this repository takes turns (POSIX only).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

HERE = Path(__file__).parent.parent
sys.path.append(str(HERE / "tests"))
from terminal.scene import Answer, Scene, ScenePrompt
from terminal.terminal import Terminal

TABLE = "| cell " * 39 + "|\n" + "|---" * 39 + "|\n" + ("| cell " * 39 + "|\n") * 240
CODE = "def __init__(self):\n    return 2*3*4\n\n"
TEXTS = {
    "short": "A short answer.\n",
    "170 list items": "- a\n" * 170,
    "table of 39 by 240": TABLE,
    "code without a fence": CODE * 400,
    "open fence, 5,000 lines": "```python\n" + "def f(x): return 'text'  # comment\n" * 5_000,
    "30 levels of quotes": "".join(">" * level + " a\n" for level in range(1, 31)) * 10,
    "100,000 asterisks": "*" * 100_000,
    "a line of 1 MB": "word " * 200_000,
    "a line of 10 MB": "word " * 2_000_000,
}
STREAMS = {
    "prose": [f"word{number} " for number in range(40)] + ["**bold** ", "and `code`.\n\n"],
    "open fence": ["def ", "f(x):", "\n", "    return ", "'text'", "  # why", "\n"],
}
QUIET_SECONDS = 0.4
"""Without a byte and without computing, after which a key counts as over."""


class Key(NamedTuple):
    milliseconds: float
    """From the press to what it shows."""
    core: float
    """Milliseconds of a core."""


class App:
    def __init__(self, checkout: Path, scene: Scene, folder: Path) -> None:
        file = folder / "scene.json"
        file.write_bytes(msgspec.json.encode(scene))
        places = {
            f"LLM_GRADER_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CONFIG", "STATE")
        }
        paths = os.pathsep.join(map(str, (checkout, checkout / "tests")))
        command = (sys.executable, "-P", "-m", "terminal.hosted_app", file, folder / "grades.db")
        self.terminal = Terminal(
            command, environment={**places, "PYTHONPATH": paths, "COLORTERM": "truecolor"}
        )

    def __enter__(self) -> App:
        self.terminal.__enter__()
        self.terminal.shows("graded 0 of", "no answer yet")
        return self

    def __exit__(self, *error: object) -> None:
        self.terminal.__exit__()

    def spent(self) -> float:
        times = self.terminal.process.cpu_times()
        return times.user + times.system

    def press(self, key: str, shown: str = "") -> Key:
        begun, spent, written = time.perf_counter(), self.spent(), len(self.terminal.raw)
        self.terminal.press(key)
        self.terminal.until(
            lambda: shown in self.terminal.text if shown else len(self.terminal.raw) > written
        )
        took = time.perf_counter() - begun
        self.settles()
        return Key(took * 1000, (self.spent() - spent) * 1000)

    def settles(self) -> None:
        """Read until it neither writes nor computes."""
        last, spent = time.perf_counter(), self.spent()
        while time.perf_counter() - last < QUIET_SECONDS:
            if self.terminal.read(0.02) or self.spent() - spent > 0.02:
                last, spent = time.perf_counter(), self.spent()


def keys(checkout: Path, text: str) -> dict[str, Key]:
    scene = Scene([Answer([text])], prompts=[ScenePrompt(), ScenePrompt("another", "do more")])
    with tempfile.TemporaryDirectory() as folder, App(checkout, scene, Path(folder)) as app:
        app.terminal.press("r")
        app.terminal.until(lambda: app.terminal.text.count("○") >= 4, patience=300)
        app.settles()
        return {"Tab": app.press("\t"), "a grade": app.press("3", "graded 1 of")}


def share(checkout: Path, deltas: list[str], seconds: float) -> float:
    """Of a core, while four panes write 20 tokens a second each."""
    scene = Scene([Answer(deltas, times=1000, pause=0.05, endless=True)])
    with tempfile.TemporaryDirectory() as folder, App(checkout, scene, Path(folder)) as app:
        app.terminal.press("r")
        app.terminal.until(lambda: app.terminal.text.count("writing") == 4)
        app.terminal.read_for(2)
        begun, spent = time.perf_counter(), app.spent()
        app.terminal.read_for(seconds)
        return (app.spent() - spent) / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--only", default="", help="texts and streams whose name holds this")
    arguments = parser.parse_args()
    sides = {"this": HERE} | ({"other": arguments.against.resolve()} if arguments.against else {})
    print(f"load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    tell_keys(sides, arguments.rounds, arguments.only)
    print()
    tell_streams(sides, arguments.rounds, arguments.seconds, arguments.only)


def tell_keys(sides: dict[str, Path], rounds: int, only: str) -> None:
    print("| four answers | key | checkout | ms | more than short | ms of a core | more than short |")
    print("|---|---|---|---|---|---|---|")
    short: dict[tuple[str, str], Key] = {}
    for name, text in TEXTS.items():
        if only not in name and name != "short":
            continue
        measured: dict[tuple[str, str], list[Key]] = {}
        for _ in range(rounds):
            for side, checkout in sides.items():
                for key, took in keys(checkout, text).items():
                    measured.setdefault((side, key), []).append(took)
        for (side, key), all_of_it in measured.items():
            took = statistics.median(each.milliseconds for each in all_of_it)
            core = statistics.median(each.core for each in all_of_it)
            base = short.setdefault((side, key), Key(took, core))
            figures = f"{took:.0f} | {took - base.milliseconds:+.0f} | {core:.0f} | {core - base.core:+.0f}"
            print(f"| {name} | {key} | {side} | {figures} |", flush=True)


def tell_streams(sides: dict[str, Path], rounds: int, seconds: float, only: str) -> None:
    print("| four panes write | checkout | share of a core | ratio to this |\n|---|---|---|---|")
    for name, deltas in STREAMS.items():
        if only not in name:
            continue
        shares: dict[str, list[float]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, checkout in sides.items():
                shares[side].append(share(checkout, deltas, seconds))
        for side, measured in shares.items():
            ratios = [one / this for one, this in zip(measured, shares["this"], strict=True)]
            print(
                f"| {name} | {side} | {statistics.median(measured):.0%} | {statistics.median(ratios):.2f} |"
            )


if __name__ == "__main__":
    main()
