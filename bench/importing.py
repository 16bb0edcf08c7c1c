"""What an import costs: our own export, and answers from a CSV file, against a bare `executemany` of the same
rows into the same tables; and the memory it takes for few rows and for many.

    python bench/importing.py [--rows N] [--rounds N]

Each import runs in a process of its own, in turns with the bare one, which has its rows in memory before the
clock starts. Both write through SQLite with every CHECK, trigger and index, in one transaction that ends on
the disk. Beside the time, what it takes of a core, which other work on the machine does not change. It fails
when an import has less than half the speed by that, or when its memory grows with the rows.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

HERE = Path(__file__).parent.parent
sys.path.append(str(HERE / "tests"))
from msgspec.structs import asdict
from store import make

from tui.catalogue.catalogue import load_catalogue
from tui.store.database import Store
from tui.store.exchange.export import export_to_path
from tui.store.exchange.foreign import Reading, import_foreign
from tui.store.exchange.own_import import import_own
from tui.store.exchange.own_rows import OWN_TABLES, decode_row
from tui.store.exchange.progress import Progress
from tui.store.exchange.source import open_source

FEW = 10_000
MOST_GROWTH = 1.15
"""Of the memory for many rows, to that for few."""
LEAST_SPEED = 0.5
MODELS, SAMPLES = 5, 4
TEXT = "The answer goes on for a while, as answers do, in lines of text, with an end in sight. " * 6
FILES = {"export": "export.jsonl", "answers": "answers.csv"}


class Cost(NamedTuple):
    seconds: float
    core: float
    """Seconds of a core."""
    peak: int
    """Of memory, in kB."""


class Clock:
    def __init__(self) -> None:
        self._begun, self._spent = perf_counter(), process_time()

    def read(self) -> tuple[float, float]:
        return perf_counter() - self._begun, process_time() - self._spent


def write_files(folder: Path, rows: int) -> None:
    """An export with so many responses, and as many answers as CSV."""
    with Store.open(folder / "grades.db") as store, store.transaction():
        run = make.store_response(store).run_id
        for number in range(1, rows):
            answer = make.response(run, seed=number, sample=number % SAMPLES + 1, text=f"{number} {TEXT}")
            store.insert("responses", asdict(answer))
    with Store.open(folder / "grades.db") as store:
        export_to_path(store, folder / FILES["export"], what="all", file_format="jsonl")
    with (folder / FILES["answers"]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["prompt", "model", "response"])
        for number in range(rows):
            prompt = number // (MODELS * SAMPLES)
            writer.writerow([f"Answer {prompt}.", f"model-{number % MODELS}", f"{number} {TEXT}"])


def import_once(kind: str, folder: Path, database: Path) -> tuple[float, float]:
    """What it takes with opening the file and without opening the database."""
    tasks = load_catalogue().tasks
    with Store.open(database) as store:
        clock = Clock()
        with open_source(folder / FILES[kind]) as source:
            if kind == "export":
                import_own(store, source, Progress())
            else:
                reading = Reading("csv", "bench", {})
                import_foreign(store, source, tasks, reading, Progress(), app_version="0.1.0")
        return clock.read()


def insert_bare(kind: str, folder: Path, database: Path) -> tuple[float, float]:
    """The same rows, which an earlier import of the same file has stored."""
    with Store.open(folder / f"{kind}.db") as store:
        exported = folder / f"{kind}.jsonl.all"
        if not exported.exists():
            export_to_path(store, exported, what="all", file_format="jsonl")
    lines = map(decode_row, exported.read_bytes().splitlines())
    tables = groupby(lines, key=type)
    batches = [
        (OWN_TABLES[table].insert, [OWN_TABLES[table].values(row) for row in rows]) for table, rows in tables
    ]
    with Store.open(database) as store:
        clock = Clock()
        with store.transaction():
            for sql, rows in batches:
                store._database.conn.executemany(sql, rows)
        return clock.read()


def in_process(work: str, kind: str, folder: Path) -> Cost:
    database = folder / f"{kind}.db" if work == "import" else folder / "bare.db"
    for file in folder.glob(f"{database.name}*"):
        file.unlink()
    command = [sys.executable, __file__, "--work", work, "--kind", kind, "--folder", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    done = subprocess.run([*command, str(database)], capture_output=True, check=True, env=environment)
    seconds, core, peak = done.stdout.split()
    return Cost(float(seconds), float(core), int(peak))


def work(arguments: argparse.Namespace) -> None:
    import resource

    do = {"import": import_once, "bare": insert_bare}[arguments.work]
    seconds, core = do(arguments.kind, arguments.folder, arguments.database)
    print(seconds, core, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", choices=["import", "bare"], help=argparse.SUPPRESS)
    parser.add_argument("--kind", choices=FILES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("database", type=Path, nargs="?", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments)
        return 0
    print(f"load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        for place, rows in ((few, FEW), (many, arguments.rows)):
            place.mkdir()
            write_files(place, rows)
        return max(_row(kind, few, many, arguments.rows, arguments.rounds) for kind in FILES)


def _row(kind: str, few: Path, many: Path, rows: int, rounds: int) -> int:
    peak_of_few = in_process("import", kind, few).peak
    pairs = [(in_process("import", kind, many), in_process("bare", kind, many)) for _ in range(rounds)]
    ours, bare = ([pair[side] for pair in pairs] for side in (0, 1))
    speed = statistics.median(there.seconds / here.seconds for here, there in pairs)
    of_core = statistics.median(there.core / here.core for here, there in pairs)
    peak = max(each.peak for each in ours)
    for what, of in (("import", ours), ("bare", bare)):
        seconds, core = (statistics.median(column) for column in zip(*(each[:2] for each in of), strict=True))
        print(f"{kind:<8} {what:<6} {rows:,} rows: {seconds:.1f} s, {core:.1f} s of a core")
    print(f"{kind:<8} speed {speed:.2f} of the bare one, {of_core:.2f} by what it takes of a core")
    growth = f"{peak_of_few / 1000:.0f} MB for {FEW:,} rows, {peak / 1000:.0f} MB for {rows:,}"
    print(f"{kind:<8} peak memory {growth}", flush=True)
    return int(of_core < LEAST_SPEED or peak > peak_of_few * MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
