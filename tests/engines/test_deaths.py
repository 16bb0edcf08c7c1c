"""Deaths of workers that another load does not cure, or that have nothing to do with the layouts."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tui.engines.events import Finished, Loading
from tui.engines.llama.layouts import Layouts
from tui.engines.target import LocalTarget
from tui.memory.free import Device

from .listening import ENDLESS, Answer, ask, listen, until, workers_of

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import MakeTiny

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins die of signals")


async def test_weights_that_crash_either_way_cost_one_line_with_the_log_and_teach_nothing(
    on, learnt, loads, tiny: MakeTiny
) -> None:
    engine = on("batches", layouts=learnt)
    spec = LocalTarget(tiny(recite="Hi."))

    first = await listen(engine.generate(spec, ask()))
    second = await listen(engine.generate(spec, ask(name="2")))

    assert [first.finished.reason, second.finished.reason] == ["failed", "failed"]
    [line] = first.finished.error.splitlines()
    assert line.startswith(f"the engine for {tiny(recite='Hi.').name} crashed (SIGSEGV); its log is ")
    assert first.finished.log in line
    assert "llm-grader doctor" in line
    assert first.finished.hopeless
    assert learnt.extra
    assert loads() == 3


async def test_one_kill_while_loading_costs_nothing_and_two_a_line(
    on, loads, tiny: MakeTiny, tmp_path: Path, extra_layouts: bool
) -> None:
    spec = LocalTarget(tiny(recite="Hi."))
    once = await listen(on(f"{tmp_path / 'one'}:1").generate(spec, ask()))
    assert (once.text, loads()) == ("Hi.", 2)

    twice = await listen(on(f"{tmp_path / 'two'}:2").generate(spec, ask()))
    assert "was killed (SIGKILL), perhaps for want of memory" in twice.finished.error
    assert twice.finished.hopeless
    assert Layouts().extra == extra_layouts
    assert loads() == 4


async def test_a_crash_of_a_worker_that_had_decoded_well_is_no_fault_of_the_layouts(
    on, loads, smollm2
) -> None:
    engine = on("later")

    crashed = await listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=100)))
    again = await listen(engine.generate(smollm2, ask(ENDLESS, name="2", max_tokens=100)))

    assert [crashed.finished.reason, again.finished.reason] == ["failed", "failed"]
    assert [crashed.finished.hopeless, again.finished.hopeless] == [False, True]
    assert crashed.text
    assert loads() == 2


async def test_an_answer_that_came_to_its_end_lets_the_next_crash_be_the_first(on, smollm2) -> None:
    engine = on("later")
    ends = []

    for number in range(4):  # of each pair the first is short enough to end before the crash
        length = 3 if number % 2 == 0 else 100
        answer = await listen(engine.generate(smollm2, ask(ENDLESS, name=f"{number}", max_tokens=length)))
        ends.append((answer.finished.reason, answer.finished.hopeless))

    assert ends == [("length", False), ("failed", False)] * 2


async def test_a_worker_ended_on_purpose_is_not_loaded_again(on, learnt, loads, smollm2) -> None:
    engine = on("amx", layouts=learnt)
    listening = asyncio.create_task(listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500))))
    await until(lambda: bool(workers_of(engine)))

    await engine.close()

    assert (await listening).finished.reason == "cancelled"
    assert loads() == 1


async def test_an_end_of_another_kind_is_not_mistaken_for_a_want_of_memory(on, loads, smollm2) -> None:
    engine = on("never")

    def end(answer: Answer) -> None:
        if isinstance(answer.events[-1], Loading):
            for slot in workers_of(engine).values():
                os.kill(slot.pid, signal.SIGUSR1)

    answer = await listen(engine.generate(smollm2, ask()), after=end)

    assert isinstance(answer.events[-1], Finished)
    assert "crashed (SIGUSR1)" in answer.finished.error
    assert loads() == 1


async def test_layouts_of_the_cpu_are_not_suspected_where_a_gpu_computes_it_all(
    on, learnt, loads, tiny: MakeTiny
) -> None:
    room = 1 << 40
    card = Device(name="CUDA0", description="a card", kind="gpu", free=room, total=room)
    engine = on("amx", layouts=learnt, find_devices=lambda: [card])

    answer = await listen(engine.generate(LocalTarget(tiny(recite="Hi.")), ask()))

    assert answer.finished.reason == "failed"
    assert learnt.extra
    assert loads() == 1
