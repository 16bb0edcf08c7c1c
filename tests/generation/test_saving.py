from __future__ import annotations

import asyncio
import sqlite3
from typing import TYPE_CHECKING

import pytest
from making import runnable_models, task
from store import make

from tui.catalogue.item import items_of
from tui.engines.events import Finished
from tui.engines.scripted import ScriptedEngine
from tui.errors import StoreBlockedError
from tui.generation.batch import Batch
from tui.generation.live import LiveResponses
from tui.generation.plan import plan
from tui.generation.saving import NotSaved, Saver
from tui.store.database import Store

from .test_batch import Quiet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grades.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


class Lock:
    """Another program that writes to the database."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, *_: object) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


class Listening(Quiet):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def progress(self, number, total, planned, event) -> None:
        if isinstance(event, NotSaved):
            self.said.append(event.why)


async def until(condition) -> None:
    while not condition():
        await asyncio.sleep(0.005)


def fill(store: Store) -> None:
    """The disk has no room for more."""
    (pages,) = store._database.execute("PRAGMA page_count").fetchone()
    store._database.execute(f"PRAGMA max_page_count = {pages}")


def make_room(store: Store) -> None:
    store._database.execute("PRAGMA max_page_count = 1000000")


async def test_answers_that_end_while_another_program_writes_are_stored_in_their_order(store, path, tmp_path):
    gates = {str(number): asyncio.Event() for number in range(1, 5)}
    code = task("code", 1)
    engine = ScriptedEngine(lambda request: [f"answer {request.system}", gates[request.system]])
    bench = LiveResponses(
        runnable_models=runnable_models(tmp_path, 4), store=store, engine=engine, grader="mei"
    )
    answers = bench.answers(items_of(code)[0])
    bench.run(answers)
    await until(lambda: all(each.phase == "writing" for each in answers))
    longest, ticking = 0.0, True

    async def measure() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while ticking:
            before = loop.time()
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - before)

    measuring = asyncio.create_task(measure())
    with Lock(path):
        for number, answer in zip("3142", (answers[2], answers[0], answers[3], answers[1]), strict=True):
            gates[number].set()
            await until(lambda answer=answer: answer.phase == "unsaved")
        assert {each.notice for each in answers} == {
            "not saved yet: another program is writing to the database; kept, trying again"
        }
        assert store.responses.all() == []
    await until(lambda: all(each.phase == "done" for each in answers))
    ticking = False
    await measuring

    assert [each.text for each in store.responses.all()] == [f"answer {number}" for number in "3142"]
    times = [each.created_at for each in store.responses.all()]
    assert times == sorted(times)
    assert {each.notice for each in answers} == {""}
    assert longest < 1  # five seconds for each answer, if the event loop waited
    await bench.close()
    assert bench.parting_words == ""


async def test_a_window_closed_while_another_program_writes_keeps_the_answers_for_the_next_start(
    store, path, tmp_path
):
    code = task("code", 1)
    bench = LiveResponses(
        runnable_models=runnable_models(tmp_path, 2),
        store=store,
        engine=ScriptedEngine(lambda _: ["x"]),
        grader="mei",
    )
    answers = bench.answers(items_of(code)[0])
    gate = asyncio.Event()
    bench._engine = ScriptedEngine(lambda _: ["x", gate])
    bench.run(answers)
    await until(lambda: all(each.phase == "writing" for each in answers))
    with Lock(path):
        gate.set()
        await until(lambda: all(each.phase == "unsaved" for each in answers))
        await bench.close()
    assert "2 answers are not in the database (another program is writing to the database)" in (
        bench.parting_words
    )
    assert store.responses.all() == []
    store.close()
    with Store.open(path) as again:
        assert [each.text for each in again.responses.all()] == ["x", "x"]


async def test_a_prompt_run_while_another_program_writes_begins_when_that_is_done(store, path, tmp_path):
    code = task("code", 1)
    engine = ScriptedEngine(lambda _: ["x"])
    bench = LiveResponses(
        runnable_models=runnable_models(tmp_path, 1), store=store, engine=engine, grader="mei"
    )
    (answer,) = answers = bench.answers(items_of(code)[0])
    with Lock(path):
        bench.run(answers)
        await until(lambda: "another program" in answer.notice)
        assert engine.requests == []
    await until(lambda: answer.phase == "done")
    await bench.close()


async def test_two_windows_write_two_samples_of_a_prompt(store, path, tmp_path):
    gate, code = asyncio.Event(), task("code", 1)
    with Store.open(path) as beside:
        benches = [
            LiveResponses(
                runnable_models=runnable_models(tmp_path, 2),
                store=each,
                engine=ScriptedEngine(lambda _: ["x", gate]),
                grader="mei",
            )
            for each in (store, beside)
        ]
        for bench in benches:
            bench.run(bench.answers(items_of(code)[0]))
            await until(lambda bench=bench: all(each.tokens for each in bench._answers.values()))
        gate.set()
        await until(lambda: not any(bench.busy for bench in benches))
        written = [(each.model, each.sample, each.seed) for each in store.responses.all()]
        assert sorted(written) == [
            (f"model-{model}", sample, sample - 1) for model in (1, 2) for sample in (1, 2)
        ]
        assert list(store.query("SELECT * FROM claims")) == []
        for bench in benches:
            await bench.close()


async def test_an_answer_that_the_full_disk_does_not_take_stays_and_is_stored_when_there_is_room(
    store, tmp_path
):
    gate, code = asyncio.Event(), task("code", 1)
    engine = ScriptedEngine(lambda _: ["y" * 100_000, gate])
    bench = LiveResponses(
        runnable_models=runnable_models(tmp_path, 1), store=store, engine=engine, grader="mei"
    )
    (answer,) = answers = bench.answers(items_of(code)[0])
    bench.run(answers)
    await until(lambda: answer.phase == "writing")
    fill(store)
    gate.set()
    await until(lambda: answer.phase == "unsaved")
    assert "is full" in answer.notice
    assert answer.text == "y" * 100_000

    make_room(store)
    await until(lambda: answer.phase == "done")

    assert len(store.responses.all()) == 1
    await bench.close()


def batch(store: Store, folder: Path, engine: ScriptedEngine, *, count: int = 36, **options) -> Batch:
    code = task("code", count)
    planned = list(plan(runnable_models(folder, 1), items_of(code)))
    return Batch(planned, store=store, engine=engine, **options)


async def test_a_run_waits_while_another_program_writes_and_says_so(store, path, tmp_path):
    said = Listening()
    gate = asyncio.Event()
    engine = ScriptedEngine(lambda _: ["x", gate])
    running = asyncio.create_task(batch(store, tmp_path, engine, count=3).run(said))
    await until(lambda: engine.requests)
    with Lock(path):
        gate.set()
        await until(lambda: said.said)
        assert said.said == ["another program is writing to the database"]
        assert len(engine.requests) == 1
    assert await running
    assert len(store.responses.all()) == 3


@pytest.mark.parametrize("parallel", [1, 3])
async def test_a_run_stops_where_nothing_can_be_stored_and_keeps_what_it_has(store, path, tmp_path, parallel):
    engine = ScriptedEngine(lambda request: ["z" * 200_000])
    stopped = batch(store, tmp_path, engine, parallel=parallel)
    quiet = Quiet()
    quiet.planned = lambda *_: store._database.execute("PRAGMA max_page_count = 150")

    with pytest.raises(StoreBlockedError, match=r"^Stopped: The disk of .* is full.*kept in"):
        await stopped.run(quiet)

    made, stored = len(engine.requests), len(store.responses.all())
    assert stored < made <= stored + 2 * parallel
    store.close()
    with Store.open(path) as again:
        assert len(again.responses.all()) == made


async def test_a_run_keeps_in_the_database_what_fits_once_there_is_room(store, tmp_path):
    class MakesRoom(ScriptedEngine):
        async def close(self) -> None:
            make_room(store)
            await super().close()

    engine = MakesRoom(lambda request: ["z" * 200_000])
    stopped = batch(store, tmp_path, engine)
    quiet = Quiet()
    quiet.planned = lambda *_: fill(store)
    with pytest.raises(StoreBlockedError, match="full"):
        await stopped.run(quiet)
    assert stopped.unsaved == ""
    assert len(store.responses.all()) == len(engine.requests) == 1


async def test_a_run_whose_database_is_taken_away_stops_and_names_a_copy(store, path, tmp_path):
    engine = ScriptedEngine(lambda request: ["x"])
    quiet = Quiet()
    quiet.response = lambda number, *_: path.unlink() if number == 2 else None
    with pytest.raises(StoreBlockedError, match=r"was moved, deleted or replaced.*--db .*rescued"):
        await batch(store, tmp_path, engine).run(quiet)
    assert len(engine.requests) <= 4
    with Store.open(path.with_name("grades-rescued-1.db")) as copy:
        assert len(copy.responses.all()) == 2


async def test_runs_side_by_side_divide_the_work(store, path, tmp_path):
    with Store.open(path) as beside:
        first, second = Quiet(), Quiet()
        gate = asyncio.Event()
        runs = [
            asyncio.create_task(
                batch(each, tmp_path, ScriptedEngine(lambda _: ["x", gate]), count=4).run(quiet)
            )
            for each, quiet in ((store, first), (beside, second))
        ]
        await until(lambda: second.elsewhere or first.elsewhere)
        gate.set()
        assert all(await asyncio.gather(*runs))
        assert sorted(each.prompt_number for each in store.responses.all()) == [1, 2, 3, 4]


async def test_ctrl_c_while_another_program_writes_does_not_wait_for_it(store, path, tmp_path):
    engine = ScriptedEngine(lambda _: ["x", gate])
    gate = asyncio.Event()
    interrupted = batch(store, tmp_path, engine, count=2, parallel=1)
    said = Listening()
    running = asyncio.create_task(interrupted.run(said))
    await until(lambda: engine.requests)
    with Lock(path):
        gate.set()
        await until(lambda: said.said)
        interrupted._interrupt()
        assert await asyncio.wait_for(running, 10) is False
    assert "1 answer is not in the database" in interrupted.unsaved


async def test_an_answer_that_the_database_refuses_keeps_no_other_out_at_the_end(store, path):
    saver = Saver(store)
    refused, good = (
        make.recorded(make.response(make.new_id(), tokens=-1)),
        make.recorded(make.response(make.new_id(), sample=2)),
    )
    with Lock(path):
        for each in (refused, good):
            saver.save(each)
        saver.give_up()
    assert "1 answer is not in the database" in saver.finish()
    assert store.responses.all() == [good.response]


class BadEngine(ScriptedEngine):
    async def close(self) -> None:
        await super().close()
        raise RuntimeError("a mistake")


async def test_an_engine_that_fails_at_its_end_loses_no_answer(store, path, tmp_path):
    code, gate = task("code", 1), asyncio.Event()
    bench = LiveResponses(
        runnable_models=runnable_models(tmp_path, 1),
        store=store,
        engine=BadEngine(lambda _: ["x", gate]),
        grader="mei",
    )
    (answer,) = answers = bench.answers(items_of(code)[0])
    bench.run(answers)
    await until(lambda: answer.phase == "writing")
    with Lock(path):
        gate.set()
        await until(lambda: answer.phase == "unsaved")
        with pytest.raises(RuntimeError):
            await bench.close()
    assert "kept in" in bench.parting_words
    running = batch(store, tmp_path, BadEngine(lambda _: ["x"]), count=1)
    lock = Lock(path)
    quiet = Quiet()
    quiet.progress = lambda _number, _total, _planned, event: (
        running._interrupt()
        if isinstance(event, NotSaved)
        else lock.__enter__()
        if isinstance(event, Finished)
        else None
    )
    with pytest.raises(RuntimeError):
        await running.run(quiet)
    lock.__exit__()
    assert "kept in" in running.unsaved
