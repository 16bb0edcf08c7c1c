from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from making import runnable_models, task
from msgspec import structs

import tui.generation.batch
import tui.generation.scheduler
from tui.catalogue.item import Item, items_of
from tui.engines.events import Delta, Finished, Loaded, Loading, Started
from tui.engines.scripted import FACTS, Script, ScriptedEngine
from tui.generation.batch import Batch
from tui.generation.plan import RunnableModel, plan
from tui.generation.read_ahead import ReadAhead
from tui.store.database import Store
from tui.store.exchange.export_tables import export_responses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Quiet:
    """Keeps what a batch tells."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.left_out_counts: list[int] = []
        self.elsewhere: list[str] = []
        self.counts: tuple[int, int] = (0, 0)

    def planned(self, total, already) -> None:
        self.counts = total, already

    def identifying(self, file) -> None: ...

    def progress(self, number, total, planned, event) -> None: ...

    def response(self, number, total, planned, response) -> None:
        if response.finish_reason == "failed":
            self.failures.append(response.error)

    def failure(self, planned, error) -> None:
        self.failures.append(error)

    def left_to_another(self, planned, claim) -> None:
        self.elsewhere.append(claim)

    def left_out(self, planned, count) -> None:
        self.left_out_counts.append(count)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


def batch(store: Store, folder: Path, answers, **options) -> Batch:
    code = task("code", 2)
    planned = plan(runnable_models(folder, 2), items_of(code), **options)
    return Batch(list(planned), store=store, engine=ScriptedEngine(answers))


async def test_every_prompt_is_answered_by_every_model(store, tmp_path):
    await batch(store, tmp_path, lambda request: [f"{request.system}: {request.instruction}"]).run(Quiet())
    assert sorted(each.text for each in store.responses.all()) == [
        "1: do code 1",
        "1: do code 2",
        "2: do code 1",
        "2: do code 2",
    ]


async def test_started_again_it_repeats_nothing(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    quiet = Quiet()
    await batch(store, tmp_path, lambda _: ["x"]).run(quiet)
    assert quiet.counts == (4, 4)
    assert len(store.responses.all()) == 4


async def test_a_prompt_that_stands_in_two_tasks_is_answered_for_each(store, tmp_path):
    tasks = [task("code", 1), task("drafts", 1)]
    prompt = tasks[0].prompts[0]
    planned = plan(runnable_models(tmp_path, 1), [Item(each, prompt) for each in tasks])
    await Batch(list(planned), store=store, engine=ScriptedEngine(lambda _: ["x"])).run(Quiet())
    assert [each.task for each in store.responses.all()] == ["code", "drafts"]
    assert len(store.responses.completed_keys()) == 2


async def test_the_same_model_under_another_name_answers_for_itself(store, tmp_path):
    code, (first,) = task("code", 1), runnable_models(tmp_path, 1)
    twin = replace(first, model=structs.replace(first.model, name="twin"))
    for runnable in (first, twin):
        planned = plan([runnable], items_of(code)[:1])
        await Batch(list(planned), store=store, engine=ScriptedEngine(lambda _: ["x"])).run(Quiet())
    assert [each.model for each in store.responses.all()] == ["model-1", "twin"]


async def test_more_samples_add_to_those_that_are_there_each_with_its_seed(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    await batch(store, tmp_path, lambda _: ["x"], samples=3).run(Quiet())
    assert sorted((each.sample, each.seed) for each in store.responses.all()) == sorted(
        [(1, 0), (2, 1), (3, 2)] * 4
    )


async def test_another_seed_is_another_experiment(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    await batch(store, tmp_path, lambda _: ["x"], base_seed=7).run(Quiet())
    assert sorted(each.seed for each in store.responses.all()) == [0] * 4 + [7] * 4


async def test_one_failure_is_told_and_kept_and_the_batch_goes_on(store, tmp_path):
    def answers(request):
        return Script(("half",), error="killed") if request.system == "1" else ["x"]

    quiet = Quiet()
    await batch(store, tmp_path, answers).run(quiet)
    assert quiet.failures == ["killed", "killed"]
    assert sorted((each.finish_reason, each.text) for each in store.responses.all()) == [
        ("failed", "half"),
        ("failed", "half"),
        ("stop", "x"),
        ("stop", "x"),
    ]


async def test_what_failed_is_tried_again_next_time(store, tmp_path):
    await batch(store, tmp_path, lambda _: Script((), error="killed")).run(Quiet())
    quiet = Quiet()
    await batch(store, tmp_path, lambda _: ["x"]).run(quiet)
    assert quiet.counts == (4, 0)
    assert sum(each.complete for each in store.responses.all()) == 4


async def test_an_interrupt_keeps_the_partial_answer_and_the_next_start_finishes(store, tmp_path):
    never, reached = asyncio.Event(), asyncio.Event()

    def answers(request):
        if request.instruction == "do code 2":
            asyncio.get_running_loop().call_soon(reached.set)
            return ["begun", never]
        return ["x"]

    interrupted = batch(store, tmp_path, answers)
    running = asyncio.create_task(interrupted.run(Quiet()))
    await reached.wait()
    while not interrupted._engine._cancelled:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    interrupted._interrupt()
    assert await running is False
    assert [each.finish_reason for each in store.responses.all()] == ["stop", "cancelled"]

    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    assert sum(each.complete for each in store.responses.all()) == 4
    assert len(store.responses.all()) == 5


class Unloadable(ScriptedEngine):
    """Cannot load what has an adapter, or cannot load anything."""

    def __init__(self, *, adapters_only: bool, holds: int = 1) -> None:
        super().__init__(lambda _: ["x"], holds=holds)
        self._adapters_only = adapters_only

    def generate(self, target, request):
        if target.adapter_path or not self._adapters_only:
            self.requests.append((target, request))
            return self._fail(request)
        return super().generate(target, request)

    async def _fail(self, request):
        yield Finished(id=request.id, reason="failed", error="not a GGUF file")


async def test_a_model_whose_weights_do_not_load_is_tried_once_and_the_rest_of_it_counted(store, tmp_path):
    code, quiet = task("code", 3), Quiet()
    engine = Unloadable(adapters_only=False)
    planned = list(plan(runnable_models(tmp_path, 1), items_of(code)))
    await Batch(planned, store=store, engine=engine).run(quiet)
    assert len(engine.requests) == 1
    assert quiet.failures == ["not a GGUF file"]
    assert quiet.left_out_counts == [2]


class Crashing(ScriptedEngine):
    """Its workers load, and die in the first batch of what it was asked for and all that runs beside it."""

    def __init__(self, *, hopeless: bool) -> None:
        super().__init__(lambda _: ["x"])
        self._hopeless = hopeless

    def generate(self, target, request):
        self.requests.append((target, request))
        return self._die(request)

    async def _die(self, request):
        yield Loaded(facts=FACTS)
        await asyncio.sleep(0)
        error, log = "the engine for x.gguf crashed (SIGSEGV); its log is /logs/1", "/logs/1"
        yield Finished(id=request.id, reason="failed", error=error, log=log, hopeless=self._hopeless)


async def test_weights_that_crash_whatever_they_are_asked_are_not_loaded_for_the_rest(store, tmp_path):
    quiet, engine = Quiet(), Crashing(hopeless=True)
    await several(store, tmp_path, engine, count=36, parallel=1).run(quiet)
    assert len(engine.requests) == 1
    assert (len(quiet.failures), quiet.left_out_counts) == (1, [35])
    assert [each.finish_reason for each in store.responses.all()] == ["failed"]


async def test_a_crash_that_others_may_be_spared_leaves_nothing_out(store, tmp_path):
    quiet, engine = Quiet(), Crashing(hopeless=False)
    await several(store, tmp_path, engine, count=6, parallel=1).run(quiet)
    assert (len(engine.requests), quiet.left_out_counts) == (6, [])


class LoadingTwice(ScriptedEngine):
    """Its worker dies in the middle of an answer, which another begins anew."""

    def generate(self, target, request):
        return self._events_twice(request)

    async def _events_twice(self, request):
        started = Started(id=request.id, template="", rendered_prompt="p", prompt_tokens=9)
        yield Loaded(facts=structs.replace(FACTS, warnings=("w",)))
        yield structs.replace(started, warnings=("s",))
        yield Delta(id=request.id, text="be", tokens=2)
        yield Loading(fraction=0.5)
        yield Loaded(facts=structs.replace(FACTS, extra_layouts=False, warnings=("w",)))
        yield structs.replace(started, warnings=("s",))
        yield Delta(id=request.id, text="begun anew", tokens=3)
        yield Finished(id=request.id, reason="stop", tokens=3)


async def test_an_answer_that_was_begun_anew_is_stored_from_its_second_beginning(store, tmp_path):
    await several(store, tmp_path, LoadingTwice({}), count=1).run(Quiet())
    [response] = store.responses.all()
    assert (response.text, response.tokens, response.warnings) == ("begun anew", 3, "w\ns")
    assert not response.extra_layouts


async def test_a_response_says_whether_weights_could_be_laid_out_anew(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    assert {each.extra_layouts for each in store.responses.all()} == {True}
    assert all(row["extra_layouts"] is True for row in export_responses(store))


async def test_a_broken_adapter_does_not_take_the_plain_model_with_it(store, tmp_path):
    code, (plain,) = task("code", 2), runnable_models(tmp_path, 1)
    adapter = tmp_path / "broken.lora.gguf"
    adapter.write_bytes(b"broken")
    adapted = RunnableModel(
        structs.replace(plain.model, name="adapted"), replace(plain.weights, adapter_path=adapter)
    )
    planned = list(plan([adapted, plain], items_of(code)))
    quiet = Quiet()
    await Batch(planned, store=store, engine=Unloadable(adapters_only=True)).run(quiet)
    assert [(each.model, each.finish_reason) for each in store.responses.all()] == [
        ("adapted", "failed"),
        ("model-1", "stop"),
        ("model-1", "stop"),
    ]
    assert quiet.left_out_counts == [1]


async def test_a_file_that_cannot_be_read_costs_its_own_model_only(store, tmp_path):
    code, (first, other) = task("code", 2), runnable_models(tmp_path, 2)
    gone = replace(first, weights=replace(first.weights, path=tmp_path / "gone.gguf"))
    planned = list(plan([gone, other], items_of(code)))
    quiet = Quiet()
    assert await Batch(planned, store=store, engine=ScriptedEngine(lambda _: ["x"])).run(quiet)
    assert [each.model for each in store.responses.all()] == ["model-2", "model-2"]
    assert len(quiet.failures) == 1
    assert "gone.gguf: cannot be read" in quiet.failures[0]
    assert quiet.left_out_counts == [1]
    assert quiet.counts == (2, 0)


async def test_a_file_that_goes_away_during_the_run_is_not_passed_over_in_silence(store, tmp_path):
    quiet = Quiet()
    gone = batch(store, tmp_path, lambda _: Script((), error="no such file"))
    quiet.planned = lambda *_: (tmp_path / "weights.gguf").unlink()
    await gone.run(quiet)
    assert quiet.failures == ["no such file"] * 4
    assert store.responses.all() == []


async def test_ctrl_c_while_files_are_identified_gives_up_reading(store, tmp_path, monkeypatch):
    reading = asyncio.Event()

    async def fingerprint(_):
        reading.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(tui.generation.batch, "fingerprint", fingerprint)
    interrupted = batch(store, tmp_path, lambda _: ["x"])
    running = asyncio.create_task(interrupted.run(Quiet()))
    await reading.wait()
    interrupted._interrupt()
    assert await asyncio.wait_for(running, 5) is False
    assert store.responses.all() == []
    assert interrupted._engine.closed


async def test_ctrl_c_just_before_an_answer_begins_does_not_wait_for_its_end(store, tmp_path, monkeypatch):
    never, new_run = asyncio.Event(), tui.generation.batch.new_run
    interrupted = batch(store, tmp_path, lambda _: ["begun", never])

    def new_run_and_interrupt(settings):
        asyncio.get_running_loop().call_soon(interrupted._interrupt)
        return new_run(settings)

    monkeypatch.setattr(tui.generation.batch, "new_run", new_run_and_interrupt)
    assert await asyncio.wait_for(interrupted.run(Quiet()), 5) is False


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one process alone")
def test_a_second_ctrl_c_ends_a_run_that_does_not_end(tmp_path):
    hanging = """
import asyncio, pathlib, sys, time
from making import runnable_models, task
from tui.catalogue.item import items_of
from tui.engines.scripted import ScriptedEngine
from tui.generation.batch import Batch
from tui.generation.plan import plan
from tui.store.database import Store

class Observer:
    def __getattr__(self, name):
        return lambda *_: print(name, flush=True)

class Engine(ScriptedEngine):
    async def close(self):
        print("closing", flush=True)
        time.sleep(60)

folder, code = pathlib.Path(sys.argv[1]), task("code", 1)
with Store.open(folder / "grades.db") as store:
    planned = list(plan(runnable_models(folder, 1), items_of(code)[:1]))
    asyncio.run(Batch(planned, store=store, engine=Engine(lambda _: ["x", asyncio.Event()])).run(Observer()))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", hanging, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with process:
        for awaited in ("progress", "closing"):
            assert any(line.strip() == awaited for line in process.stdout)
            process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT


async def test_a_response_says_what_wrote_it(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    response = store.responses.all()[0]
    assert len(response.weights_sha256) == 64
    assert response.rendered_prompt == "do code 1"
    assert response.engine_build == "scripted"
    assert '"temperature":0.0' in response.sampling
    assert response.run_id


async def test_weights_that_changed_on_disk_are_a_new_experiment(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    again = batch(store, tmp_path, lambda _: ["x"])
    (tmp_path / "weights.gguf").write_bytes(b"GGUF and something else")
    await again.run(Quiet())
    assert len({each.weights_sha256 for each in store.responses.all()}) == 2
    assert len(store.responses.all()) == 8


def several(
    store: Store, folder: Path, engine: ScriptedEngine, *, count: int = 6, parallel: int = 3, **options
):
    code = task("code", count)
    planned = plan(runnable_models(folder, 1), items_of(code))
    return Batch(list(planned), store=store, engine=engine, parallel=parallel, **options)


async def test_so_many_are_generated_at_a_time_and_each_is_stored_when_it_is_finished(store, tmp_path):
    gates = {f"do code {number}": asyncio.Event() for number in range(1, 7)}
    engine = ScriptedEngine(lambda request: ["x", gates[request.instruction]])
    running = asyncio.create_task(several(store, tmp_path, engine).run(Quiet()))
    while len(engine.requests) < 3:
        await asyncio.sleep(0)

    for finished, number in enumerate((2, 3, 1, 6, 4, 5), 1):
        assert len(engine.requests) == min(2 + finished, 6)
        gates[f"do code {number}"].set()
        while len(store.responses.all()) < finished or len(engine.requests) < min(3 + finished, 6):
            await asyncio.sleep(0)
        assert store.responses.all()[-1].prompt_number <= 6

    assert await running
    assert [engine.lanes[target] for target, _ in engine.requests] == [3] * 6


async def test_lanes_are_not_asked_for_beyond_what_there_is_to_generate(store, tmp_path):
    engine = ScriptedEngine(lambda _: ["x"])
    await several(store, tmp_path, engine, count=2, parallel=8).run(Quiet())
    assert [engine.lanes[target] for target, _ in engine.requests] == [2] * 2


async def test_ctrl_c_keeps_every_partial_answer_and_begins_no_more(store, tmp_path):
    never = asyncio.Event()
    engine = ScriptedEngine(lambda _: ["begun", never])
    interrupted = several(store, tmp_path, engine)
    running = asyncio.create_task(interrupted.run(Quiet()))
    while len(engine.requests) < 3:
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)

    interrupted._interrupt()

    assert await asyncio.wait_for(running, 5) is False
    assert [(each.text, each.finish_reason) for each in store.responses.all()] == [("begun", "cancelled")] * 3
    assert len(engine.requests) == 3


async def test_weights_that_do_not_load_are_tried_once_however_many_could_run(store, tmp_path):
    quiet, engine = Quiet(), Unloadable(adapters_only=False)
    await several(store, tmp_path, engine).run(quiet)
    assert len(engine.requests) == 1
    assert (quiet.failures, quiet.left_out_counts) == (["not a GGUF file"], [5])


async def test_models_of_the_same_weights_take_their_turn_together(store, tmp_path):
    code, first = task("code", 1), runnable_models(tmp_path, 3)
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF of another kind")
    first[1] = replace(first[1], weights=replace(first[1].weights, path=other))
    engine = ScriptedEngine(lambda _: ["x"])

    await Batch(list(plan(first, items_of(code)[:1])), store=store, engine=engine).run(Quiet())

    assert [request.system for _, request in engine.requests] == ["1", "3", "2"]


async def test_a_run_says_how_it_was_asked_to_generate(store, tmp_path):
    engine = ScriptedEngine(lambda _: ["x"])
    await several(store, tmp_path, engine, shuffled=True, together=True).run(Quiet())
    [run] = store.query("SELECT settings FROM runs")
    assert run["settings"] == '{"parallel":3,"order":"shuffled","together":true}'


async def test_the_time_that_a_response_may_take_reaches_the_engine(store, tmp_path):
    engine = ScriptedEngine(lambda _: ["x"])
    await several(store, tmp_path, engine, seconds=2.5).run(Quiet())
    assert {request.seconds for _, request in engine.requests} == {2.5}


async def test_the_next_weights_are_read_ahead_when_the_last_answers_are_begun(store, tmp_path, monkeypatch):
    read, code, (first, second) = [], task("code", 2), runnable_models(tmp_path, 2)
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF of another kind")
    second = replace(second, weights=replace(second.weights, path=other))
    engine = ScriptedEngine(lambda _: ["x"])

    class Spy(ReadAhead):
        def __init__(self, file, *, beside):
            read.append((file.name, {each.name for each in beside}, len(engine.requests)))
            super().__init__(file, beside=beside)

    monkeypatch.setattr(tui.generation.scheduler, "ReadAhead", Spy)
    planned = plan([first, second], items_of(code))
    await Batch(list(planned), store=store, engine=engine).run(Quiet())
    assert read == [("other.gguf", {"weights.gguf"}, 1)]


def test_reading_ahead_ends_when_stopped_and_passes_over_what_is_not_there(tmp_path):
    current = tmp_path / "current.gguf"
    current.write_bytes(b"GGUF")
    endless = tmp_path / "large.gguf"
    with endless.open("wb") as file:
        file.truncate(1 << 30)
    for wanted in (endless, tmp_path / "gone.gguf", current):
        ahead = ReadAhead(wanted, beside={current})
        ahead.stop()
        assert not ahead._thread.is_alive()


def of_several_weights(store: Store, folder: Path, engine: ScriptedEngine, count: int, **options) -> Batch:
    """Each of one prompt's models has a file of its own."""
    code, made = task("code", 1), runnable_models(folder, count)
    for number, runnable in enumerate(made):
        file = folder / f"{number}.gguf"
        file.write_bytes(b"GGUF number %d" % number)
        made[number] = replace(runnable, weights=replace(runnable.weights, path=file))
    return Batch(list(plan(made, items_of(code)[:1])), store=store, engine=engine, **options)


async def begun(engine: ScriptedEngine, count: int) -> list[str]:
    while len(engine.requests) < count:
        await asyncio.sleep(0)
    for _ in range(100):  # would it begin more?
        await asyncio.sleep(0)
    return [request.system for _, request in engine.requests]


async def test_as_many_weights_as_memory_holds_generate_together(store, tmp_path):
    gates = {f"{number}": asyncio.Event() for number in range(1, 5)}
    engine = ScriptedEngine(lambda request: ["x", gates[request.system]], holds=2)
    running = asyncio.create_task(of_several_weights(store, tmp_path, engine, 4, together=True).run(Quiet()))

    assert await begun(engine, 2) == ["1", "2"]
    gates["2"].set()
    assert await begun(engine, 3) == ["1", "2", "3"]
    gates["1"].set()
    assert await begun(engine, 4) == ["1", "2", "3", "4"]
    gates["3"].set()
    gates["4"].set()
    assert await running
    assert len(store.responses.all()) == 4


async def test_weights_take_turns_unless_they_are_wanted_together(store, tmp_path):
    gate = asyncio.Event()
    engine = ScriptedEngine(lambda _: ["x", gate], holds=9)
    running = asyncio.create_task(of_several_weights(store, tmp_path, engine, 2).run(Quiet()))

    assert await begun(engine, 1) == ["1"]
    gate.set()
    assert await running
    assert [request.system for _, request in engine.requests] == ["1", "2"]


async def test_weights_that_do_not_load_do_not_keep_the_others_from_generating_together(store, tmp_path):
    quiet = Quiet()
    engine = Unloadable(adapters_only=False, holds=9)
    assert await of_several_weights(store, tmp_path, engine, 3, together=True).run(quiet)
    assert quiet.failures == ["not a GGUF file"] * 3


async def test_ctrl_c_ends_all_that_generate_together(store, tmp_path):
    never = asyncio.Event()
    engine = ScriptedEngine(lambda _: ["begun", never], holds=2)
    interrupted = of_several_weights(store, tmp_path, engine, 3, together=True)
    running = asyncio.create_task(interrupted.run(Quiet()))
    await begun(engine, 2)

    interrupted._interrupt()

    assert await asyncio.wait_for(running, 5) is False
    assert [each.finish_reason for each in store.responses.all()] == ["cancelled"] * 2
    assert len(engine.requests) == 2


async def test_ctrl_c_while_room_is_made_begins_no_more(store, tmp_path):
    asked, never = asyncio.Event(), asyncio.Event()

    class Slow(ScriptedEngine):
        async def make_room(self, target, *, beside):
            asked.set()
            await asyncio.sleep(0.01)
            return True

    engine = Slow(lambda _: ["begun", never])
    interrupted = of_several_weights(store, tmp_path, engine, 2, together=True)
    running = asyncio.create_task(interrupted.run(Quiet()))
    await asked.wait()

    interrupted._interrupt()

    assert await asyncio.wait_for(running, 5) is False
    assert [each.finish_reason for each in store.responses.all()] == ["cancelled"]
    assert len(engine.requests) == 1
