"""What the screen costs: four panes writing at 120x36 against the same four answers without a screen.

    python bench/app.py [--rounds N] [--tokens N]

Four models of one small file, whose answers are written in one batch by one worker. On the screen, the app
runs in a pseudo-terminal that is read as fast as it writes. Speeds are those the worker measured; the share
of a core is that of the process around it while the answers are written. Rounds take turns; ratios are of one
round (POSIX only).
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pexpect
import psutil
from smollm2 import SMOLLM2

if TYPE_CHECKING:
    from collections.abc import Sequence

PANES = 4
MODEL = """
[[models]]
name = "pane-{number}"
title = "Pane {number}"
licence = "Apache-2.0"
template = "{{{{ instruction }}}}\\n\\n{story}"
sampling = {{ temperature = 0.0, max_tokens = {tokens}, repeat_penalty = 1.0{number} }}
sources = [{{ path = "{path}" }}]
"""
STORY = "Once upon a time there was a fox beside a river who wrote down the numbers from one to a thousand:"
"""Follows what the prompt says: after it the model goes on for long."""


class Round(NamedTuple):
    tokens_per_second: float
    """Of an answer, the mean of the four."""
    share: float
    """Of a core, by the process that is not the worker."""


class Folder:
    def __init__(self, path: Path, tokens: int) -> None:
        self._path = path
        models = (
            MODEL.format(number=number, tokens=tokens, path=SMOLLM2, story=STORY) for number in range(PANES)
        )
        (path / "models.toml").write_text("".join(models))
        folders = {f"LLM_GRADER_{name}_DIR": str(path / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
        self.environment = {**os.environ, **folders, "TERM": "xterm-256color", "COLORTERM": "truecolor"}

    def arguments(self, command: Sequence[str], database: Path) -> list[str]:
        files = ["--models-file", str(self._path / "models.toml"), "--db", str(database)]
        return ["-m", "tui", *command, *files]

    def database(self, name: str) -> Path:
        return self._path / f"{name}.db"


def headless(folder: Folder, database: Path) -> Round:
    command = [sys.executable, *folder.arguments(("run", "-p", "code-generation/1"), database)]
    process = psutil.Popen(
        command, env=folder.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    share = share_until(process, database)
    process.wait()
    return Round(speed(database), share)


def on_screen(folder: Folder, database: Path) -> Round:
    child = pexpect.spawn(
        sys.executable,
        folder.arguments((), database),
        dimensions=(36, 120),
        timeout=60,
        env=folder.environment,
    )
    child.expect_exact("Pane 3")
    child.send("r")
    share = share_until(psutil.Process(child.pid), database, child)
    child.send("q")
    child.expect(pexpect.EOF)
    child.close()
    return Round(speed(database), share)


def share_until(process: psutil.Process, database: Path, child: pexpect.spawn | None = None) -> float:
    """Of a core, from when the worker has begun to write until all answers are stored."""
    begun = spent = None
    while stored(database) < PANES:
        assert process.is_running() and process.status() != psutil.STATUS_ZOMBIE, (
            "it ended without its answers"
        )
        drain(child)
        if begun is None and writing(process):
            begun, spent = time.perf_counter(), own_seconds(process)
    assert begun is not None and spent is not None
    return (own_seconds(process) - spent) / (time.perf_counter() - begun)


def drain(child: pexpect.spawn | None) -> None:
    if child is None:
        time.sleep(0.05)
        return
    try:
        child.read_nonblocking(1 << 16, timeout=0.05)
    except pexpect.TIMEOUT:
        return


def writing(process: psutil.Process) -> bool:
    """Whether the worker has computed for a while after loading."""
    workers = process.children()
    return bool(workers) and workers[0].cpu_times().user > 2.0


def own_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def stored(database: Path) -> int:
    if not database.exists():
        return 0
    with sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM responses").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def speed(database: Path) -> float:
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT tokens_per_second, finish_reason, parallel FROM responses"
        ).fetchall()
    assert len(rows) == PANES and {reason for _, reason, _ in rows} == {"length"}, rows
    assert {parallel for *_, parallel in rows} == {PANES}, rows
    return statistics.fmean(each for each, *_ in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=200)
    arguments = parser.parse_args()
    sides = {"without a screen": headless, "four panes at 120x36": on_screen}
    rounds: dict[str, list[Round]] = {name: [] for name in sides}
    for number in range(arguments.rounds):
        for name, side in sides.items():
            with tempfile.TemporaryDirectory() as place:
                folder = Folder(Path(place), arguments.tokens)
                rounds[name].append(side(folder, folder.database("grades")))
        print(f"round {number + 1}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    print("| | tokens/s of an answer | ratio | lowest and highest | share of a core |\n|---|---|---|---|---|")
    base = [each.tokens_per_second for each in rounds["without a screen"]]
    for name, measured in rounds.items():
        ratios = [each.tokens_per_second / other for each, other in zip(measured, base, strict=True)]
        print(
            f"| {name} | {statistics.median(each.tokens_per_second for each in measured):.1f}"
            f" | {statistics.median(ratios):.2f} | {min(ratios):.2f}-{max(ratios):.2f}"
            f" | {statistics.median(each.share for each in measured):.0%} |"
        )


if __name__ == "__main__":
    main()
