from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from making import runnable_models, task

from tui.catalogue.item import items_of
from tui.engines.events import Finished, Loading, Waiting
from tui.engines.scripted import ScriptedEngine
from tui.generation.live import PANES_AT_ONCE, LiveResponses
from tui.generation.live_response import LiveResponse
from tui.store.database import Store

if TYPE_CHECKING:
    from pathlib import Path

    from tui.engines.base import EngineEvent


async def test_panes_of_the_same_weights_write_at_once_and_others_take_no_memory_for_it(
    tmp_path: Path,
) -> None:
    code, panes = task("code", 1), runnable_models(tmp_path, PANES_AT_ONCE + 2)
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF of another kind")
    panes[-1] = replace(panes[-1], weights=replace(panes[-1].weights, path=other))
    engine = ScriptedEngine(lambda _: ["x"])
    with Store.open(tmp_path / "grades.db") as store:
        bench = LiveResponses(runnable_models=panes, store=store, engine=engine, grader="mei", seconds=90.0)
        bench.run(bench.answers(items_of(code)[0]))
        while bench.busy:
            await asyncio.sleep(0)

        asked = {(spec.path == str(other), spec.parallel) for spec, _ in engine.requests}
        assert asked == {(False, PANES_AT_ONCE), (True, 1)}
        assert {request.seconds for _, request in engine.requests} == {90.0}
        await bench.close()


def test_what_an_answer_waits_for_is_said_no_longer_than_it_waits(tmp_path: Path) -> None:
    code, (runnable,) = task("code", 1), runnable_models(tmp_path, 1)
    ends: list[EngineEvent] = [
        Loading(fraction=0.1),
        Finished(id="1", reason="cancelled"),
        Finished(id="1", reason="failed", error="no memory"),
    ]
    for after in ends:
        answer = LiveResponse(runnable, items_of(code)[0])
        answer.begin("1")
        answer.take(Waiting(why="another holds the memory"))
        assert answer.notice == "waiting: another holds the memory"
        answer.take(after)
        assert answer.notice == ""
