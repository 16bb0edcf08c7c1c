from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from making import subjects, task
from msgspec import structs

from tui.engine.scripted import Script, ScriptedEngine
from tui.evaluation.batch import Batch
from tui.evaluation.plan import plan
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Quiet:
    """Keeps what a batch tells."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.counts: tuple[int, int] = (0, 0)

    def planned(self, total, already) -> None:
        self.counts = total, already

    def checking(self, file) -> None: ...

    def progress(self, number, total, planned, event) -> None: ...

    def response(self, number, total, planned, response) -> None: ...

    def failure(self, planned, error) -> None:
        self.failures.append(error)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "grades.db") as opened:
        yield opened


def batch(store: Store, folder: Path, answers, **options) -> Batch:
    code = task("code", 2)
    planned = plan(subjects(folder, 2), [(code, prompt) for prompt in code.prompts], **options)
    return Batch(list(planned), store=store, engine=ScriptedEngine(answers))


async def test_every_prompt_is_answered_by_every_model(store, tmp_path):
    await batch(store, tmp_path, lambda request: [f"{request.system}: {request.instruction}"]).run(Quiet())
    assert sorted(each.text for each in store.responses()) == [
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
    assert len(store.responses()) == 4


async def test_a_prompt_that_stands_in_two_tasks_is_answered_for_each(store, tmp_path):
    tasks = [task("code", 1), task("drafts", 1)]
    prompt = tasks[0].prompts[0]
    planned = plan(subjects(tmp_path, 1), [(each, prompt) for each in tasks])
    await Batch(list(planned), store=store, engine=ScriptedEngine(lambda _: ["x"])).run(Quiet())
    assert [each.task for each in store.responses()] == ["code", "drafts"]
    assert len(store.completed_keys()) == 2


async def test_the_same_model_under_another_name_answers_for_itself(store, tmp_path):
    code, (first,) = task("code", 1), subjects(tmp_path, 1)
    twin = replace(first, model=structs.replace(first.model, name="twin"))
    for subject in (first, twin):
        planned = plan([subject], [(code, code.prompts[0])])
        await Batch(list(planned), store=store, engine=ScriptedEngine(lambda _: ["x"])).run(Quiet())
    assert [each.model for each in store.responses()] == ["model-1", "twin"]


async def test_more_samples_add_to_those_that_are_there_each_with_its_seed(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    await batch(store, tmp_path, lambda _: ["x"], samples=3).run(Quiet())
    assert sorted((each.sample, each.seed) for each in store.responses()) == sorted(
        [(1, 0), (2, 1), (3, 2)] * 4
    )


async def test_another_seed_is_another_experiment(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    await batch(store, tmp_path, lambda _: ["x"], base_seed=7).run(Quiet())
    assert sorted(each.seed for each in store.responses()) == [0] * 4 + [7] * 4


async def test_one_failure_is_told_and_kept_and_the_batch_goes_on(store, tmp_path):
    def answers(request):
        return Script(("half",), error="killed") if request.system == "1" else ["x"]

    quiet = Quiet()
    await batch(store, tmp_path, answers).run(quiet)
    assert quiet.failures == ["killed", "killed"]
    assert sorted((each.finish_reason, each.text) for each in store.responses()) == [
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
    assert sum(each.complete for each in store.responses()) == 4


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
    assert [each.finish_reason for each in store.responses()] == ["stop", "cancelled"]

    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    assert sum(each.complete for each in store.responses()) == 4
    assert len(store.responses()) == 5


async def test_a_response_says_what_wrote_it(store, tmp_path):
    await batch(store, tmp_path, lambda _: ["x"]).run(Quiet())
    response = store.responses()[0]
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
    assert len({each.weights_sha256 for each in store.responses()}) == 2
    assert len(store.responses()) == 8
