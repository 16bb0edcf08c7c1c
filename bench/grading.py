"""What a key costs while grading, on a small database and on a large one.

    python bench/grading.py [--rounds N]

A list of 1,250 items and 20 models, each with four samples to some items: 1,000 responses in one database,
100,000 in the other, all of them judged. A decision is what the session does for a key, with its write
(`synchronous=FULL`, in the temporary folder) and what is drawn from it; the next sheet is read for 20 panes;
the list is the marks of 30 rows. Opening is the whole app, headless, until its first sheet is there.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

HERE = Path(__file__).parent.parent
sys.path.append(str(HERE / "tests"))
from making import runnable_models, task
from store import make

from tui.app import context as contexts
from tui.app.app import GraderApp
from tui.app.downloads import Downloads
from tui.app.screens.main.screen import MainScreen
from tui.catalogue.item import items_of
from tui.engines.scripted import ScriptedEngine
from tui.generation.fingerprint import fingerprint
from tui.generation.live import LiveResponses
from tui.generation.recording import model_record
from tui.grading.decisions import Grade, Seen
from tui.grading.history import Filter
from tui.grading.live_session import LiveSession
from tui.grading.opening import Shelf
from tui.grading.pair_opening import PairShelf
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.items import item_record, rubric_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.generation.plan import RunnableModel
    from tui.grading.session import Session

MODELS, SAMPLES, ITEMS, ROWS = 20, 4, 1250, 30
SMALL, LARGE = 1_000, 100_000
FULL = SMALL // (MODELS * SAMPLES)
"""Items with all their answers, in both databases."""
CODE = task("code", ITEMS)


def fill(path: Path, models: list[RunnableModel], responses: int) -> None:
    """The first items have all their samples, each with a grade."""
    digest = asyncio.run(fingerprint(models[0]))
    weights = replace(make.WEIGHTS, sha256=digest.weights_sha256)
    with Store.open(path) as store, store.transaction():
        store.graders.found_or_added("mei")
        session = store.sessions.begin("mei", mode="free", app_version="0.1.0")
        for item in items_of(CODE)[: responses // (MODELS * SAMPLES) + 1]:
            rubric = rubric_record(item)
            record = item_record(item, rubric)
            for model in models:
                for sample in range(1, SAMPLES + 1):
                    if not responses:
                        return
                    responses -= 1
                    made = make.response(
                        make.new_id(),
                        of=model_record(model),
                        to=record,
                        weights_sha256=weights.sha256,
                        origin=digest.origin,
                        sample=sample,
                        seed=sample,
                        text=f"answer {responses}",
                    )
                    given = make.grade(made, session_id=session.id, grader_id=session.grader_id)
                    recorded = make.recorded(made, of=model_record(model), to=record, weights=weights)
                    store.responses.add(replace(recorded, rubric=rubric))
                    store.judgements.add(given)


class Opened(NamedTuple):
    """A session on a database, and what its keys cost."""

    store: Store
    session: LiveSession
    counting: float

    @classmethod
    def of(cls, path: Path, models: list[RunnableModel]) -> Opened:
        store = Store.open(path)
        live = LiveResponses(runnable_models=models, store=store, engine=ScriptedEngine(lambda _: ["x"]))
        session = LiveSession(items_of(CODE), live=live, store=store, grader="mei")
        asyncio.run(live.identify())
        begun = perf_counter()
        asyncio.run(session.count_all())
        counting = perf_counter() - begun
        session.go_to(0)
        return cls(store, session, counting)

    def decide(self, turn: int) -> None:
        sheet = self.session.current()
        assert sheet
        slot = sheet.slots[turn % MODELS]
        self.session.decide(slot.id, Grade(CODE.levels[turn % 3]), Seen(place=1))
        self.session.take_changes()
        self.session.current()
        self.session.progress()

    def next_sheet(self, turn: int) -> None:
        self.session.go_to(turn % FULL)
        self.session.current()

    def rows(self, turn: int) -> None:
        for place in range(ROWS):
            self.session.cells((turn + place) % FULL)

    def history(self, turn: int) -> None:
        self.session.history(Filter("level", "pass") if turn % 2 else Filter())

    def words(self, turn: int) -> None:
        self.session.history(Filter(words=f"code/{turn % FULL + 1} model-7"))


def compare(what: str, small: Callable[[int], None], large: Callable[[int], None], rounds: int) -> None:
    """In turns, so that what else the machine does meets both."""
    taken: tuple[list[float], list[float]] = [], []
    for turn in range(rounds):
        for work, times in zip((small, large), taken, strict=True):
            begun = perf_counter()
            work(turn)
            times.append(perf_counter() - begun)
    few, many = (statistics.median(times) * 1000 for times in taken)
    print(f"| {what} | {few:.1f} ms | {many:.1f} ms | {many / few:.2f} |")


class Grading(NamedTuple):
    """A session over all stored answers, of a grader who has judged nothing yet."""

    session: Session

    @classmethod
    def of(cls, store: Store, kind: type[Shelf] = Shelf) -> Grading:
        session = kind(store, (CODE,), "ada").open(ToJudge()).session
        assert session
        session.go_to(session.start())
        return cls(session)

    def next_sheet(self, turn: int) -> None:
        target = self.session.next()
        assert target
        self.session.go_to((self.session.place + 1) % len(self.session.items))
        self.session.current()

    def decide(self, turn: int) -> None:
        sheet = self.session.current()
        assert sheet
        slot, levels = sheet.slots[turn % len(sheet.slots)], sheet.item.rubric.levels
        self.session.decide(slot.id, Grade(levels[turn % len(levels)]), Seen(place=1, seconds=3.0))
        self.session.take_changes()
        self.session.current()
        self.session.progress()


def opening(store: Store, kind: type[Shelf]) -> float:
    begun = perf_counter()
    Grading.of(store, kind)
    return (perf_counter() - begun) * 1000


def compare_sessions(what: str, kind: type[Shelf], small: Store, large: Store, rounds: int) -> None:
    taken = [opening(store, kind) for store in (small, large, small, large)]
    few, many = min(taken[::2]), min(taken[1::2])
    print(f"| opening a session over {what} | {few:.0f} ms | {many:.0f} ms | {many / few:.1f} |")
    sessions = [Grading.of(store, kind) for store in (small, large)]
    compare("a decision in it", sessions[0].decide, sessions[1].decide, rounds)
    compare("its next sheet", sessions[0].next_sheet, sessions[1].next_sheet, rounds)


async def open_app(path: Path, models: list[RunnableModel]) -> float:
    begun = perf_counter()
    with Store.open(path) as store:
        context = contexts.live_context(
            title="llm-grader",
            tasks=(CODE,),
            store=store,
            live=LiveResponses(runnable_models=models, store=store, engine=ScriptedEngine(lambda _: ["x"])),
            grader="mei",
            downloads=Downloads(),
        )
        app = GraderApp(lambda: contexts.Opened(context))
        async with app.run_test(size=(120, 36)) as pilot:
            while not (isinstance(app.screen, MainScreen) and context.session.current()):
                await pilot.pause(0.001)
            await pilot.pause()
            taken = perf_counter() - begun
        await context.close()
    return taken * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = runnable_models(folder, MODELS)
        paths = {count: folder / f"{count}.db" for count in (0, SMALL, LARGE)}
        for count, path in paths.items():
            fill(path, models, count)
        small, large = (Opened.of(paths[count], models) for count in (SMALL, LARGE))
        print(f"| | {SMALL:,} judged | {LARGE:,} judged | ratio |\n|---|---|---|---|")
        compare("a decision", small.decide, large.decide, rounds)
        compare("the next sheet", small.next_sheet, large.next_sheet, rounds)
        compare(f"marks of {ROWS} rows", small.rows, large.rows, rounds)
        compare("a page of the history", small.history, large.history, rounds)
        compare("the same by two words", small.words, large.words, rounds)
        few, many = small.counting * 1000, large.counting * 1000
        print(f"| counting all, on a thread | {few:.0f} ms | {many:.0f} ms | {many / few:.1f} |")
        compare_sessions("stored answers", Shelf, small.store, large.store, rounds)
        compare_sessions("pairs", PairShelf, small.store, large.store, rounds)
        small.store.close()
        large.store.close()
        opened: dict[int, list[float]] = {count: [] for count in paths}
        for _ in range(5):
            for count, path in paths.items():
                opened[count].append(asyncio.run(open_app(path, models)))
        none, few, many = (statistics.median(taken) for taken in opened.values())
        print(f"| opening (none judged: {none:.0f} ms) | {few:.0f} ms | {many:.0f} ms | {many / few:.2f} |")


if __name__ == "__main__":
    main()
