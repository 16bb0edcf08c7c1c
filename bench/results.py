"""What the figures of 100,000 judgements cost: 20 models, 500 items, 10 graders, and 20,000 judged pairs.

    python bench/results.py [--rounds N]

Each round runs in processes of their own, after the imports: a bare read of the grades, by SQL; the rows of
which figures are made; these and all figures but rankings; rankings (the tests of all pairs of models, shares
of wins and strengths). Beside the time, what it takes of a core, which other work changes less. It fails when
figures take more than a second of a core, or rankings more than five.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from itertools import combinations
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).parent.parent
sys.path.append(str(HERE / "tests"))
from making import task
from msgspec.structs import replace
from store import make

from tui.analysis import results as tree
from tui.catalogue.item import items_of
from tui.store.database import Store
from tui.store.figure_rows import figure_rows
from tui.store.ids import new_id, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord, SessionRecord

if TYPE_CHECKING:
    from tui.store.records import ResponseRecord

MODELS, ITEMS, GRADERS, PAIRS = 20, 500, 10, 20_000
SECOND, RANKINGS = 1.0, 5.0
BARE = "SELECT * FROM judgements WHERE kind = 'grade'"
PARTS = ("bare", "rows", "figures", "rankings")


def fill(path: Path) -> None:
    """Answers that everybody graded, and some of the pairs that one compared."""
    rnd = random.Random(1)
    with Store.open(path) as store, store.transaction():
        asked = answers(store)
        for grader in range(GRADERS):
            session = store.sessions.begin(f"grader {grader}", mode="grade", app_version="0.1.0")
            for made, skill in (each for given in asked for each in given):
                place = sum(rnd.random() < skill for _ in range(2))
                grade = judgement(
                    made, session, kind="grade", level=LEVELS[place], value=place / 2, place=1 + place
                )
                store.judgements.add(grade)
        pairs = [pair for given in asked for pair in combinations(given, 2)]
        for (one, mine), (other, theirs) in rnd.sample(pairs, PAIRS):
            side = rnd.choices(("response", "other", "equal"), (mine, theirs, 0.3))[0]
            told = judgement(one, session, kind="preference", side=side, place=1, other_response_id=other.id)
            store.judgements.add(told)


LEVELS = ("fail", "partial", "pass")


def answers(store: Store) -> list[list[tuple[ResponseRecord, float]]]:
    """Of each item, by model, each with how good its model is."""
    models = [make.model(f"model-{number:02}") for number in range(MODELS)]
    found = []
    for item in items_of(task("code", ITEMS)):
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        given = []
        for number, model in enumerate(models):
            made = make.response(new_id(), of=model, to=record, text=f"{model.name} says {record.number}")
            store.responses.add(replace(make.recorded(made, of=model, to=record), rubric=rubric))
            given.append((made, 0.4 + number / 50))
        found.append(given)
    return found


def judgement(of: ResponseRecord, session: SessionRecord, **said: Any) -> JudgementRecord:
    return JudgementRecord(
        id=new_id(),
        session_id=session.id,
        grader_id=session.grader_id,
        response_id=of.id,
        item_hash=of.item_hash,
        decided_at=now(),
        blind=False,
        active_seconds=3.0,
        app_version="0.1.0",
        **said,
    )


def measured(path: Path, part: str) -> tuple[float, float]:
    """Seconds, and seconds of a core. Rankings have what comes before them behind them."""
    with Store.open(path) as store:
        begun, spent = perf_counter(), process_time()
        if part == "bare":
            store.tuples(BARE)
            return perf_counter() - begun, process_time() - spent
        rows = figure_rows(store)
        if part == "rows":
            return perf_counter() - begun, process_time() - spent
    if part == "figures":
        tree._comparison = lambda *_, **__: None
        tree.preferences = lambda *_, **__: []
        tree.results(rows, tree.Filters())
        return perf_counter() - begun, process_time() - spent
    all_judged = tree.judged(rows)
    pairs = tree.compared(rows, all_judged.models)
    begun, spent = perf_counter(), process_time()
    tree._comparison(all_judged, is_tested=True, seed=tree.SEED)
    tree.preferences(pairs)
    return perf_counter() - begun, process_time() - spent


def in_process(path: Path, part: str) -> tuple[float, float, float]:
    """With the peak of its memory in MB."""
    command = [sys.executable, __file__, "--measure", part, str(path)]
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return tuple(json.loads(done.stdout))


def measure(path: Path, part: str) -> None:
    import resource

    seconds, core = measured(path, part)
    print(json.dumps([seconds, core, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000]))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", nargs=2)
    asked = parser.parse_args()
    if asked.measure:
        measure(Path(asked.measure[1]), asked.measure[0])
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "judged.db"
        fill(path)
        rounds = [{part: in_process(path, part) for part in PARTS} for _ in range(asked.rounds)]
    medians = {
        part: [statistics.median(each[part][at] for each in rounds) for at in range(3)] for part in PARTS
    }
    print("| | seconds | of a core | ratio | peak memory |\n|---|---|---|---|---|")
    for part, (seconds, core, peak) in medians.items():
        print(f"| {part} | {seconds:.2f} | {core:.2f} | {core / medians['bare'][1]:.1f} | {peak:.0f} MB |")
    return int(medians["figures"][1] > SECOND or medians["rankings"][1] > RANKINGS)


if __name__ == "__main__":
    sys.exit(main())
