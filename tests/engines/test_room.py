"""Weights and the memory there is: who makes room for whom, who is waited for, who is refused."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.settings import MachineSettings
from tui.engines.target import LocalTarget

from .listening import ENDLESS, ask, listen, until, worker_pids, workers_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from .conftest import MakeTiny


class Memory:
    """Room for one worker at a time."""

    def __init__(self) -> None:
        self.beside: list[set[int]] = []

    def __call__(self, pids: object) -> int:
        self.beside.append(set(pids))  # type: ignore[call-overload]
        return 0 if self.beside[-1] else 1 << 40


async def test_idle_workers_make_room_for_other_weights(tiny: MakeTiny, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path, available=Memory())
    first, second = (LocalTarget(tiny(name, recite="Hi.")) for name in ("mpt", "falcon"))

    for number, weights in enumerate([first, second, first]):
        answer = await listen(engine.generate(weights, ask(name=str(number))))
        assert answer.text == "Hi."
        assert len(worker_pids()) == 1

    await engine.close()


async def test_busy_workers_are_waited_for(smollm2: LocalTarget, tiny: MakeTiny, tmp_path: Path) -> None:
    memory = Memory()
    engine = LlamaEngine(log_folder=tmp_path, available=memory)
    running = asyncio.create_task(listen(engine.generate(smollm2, ask(ENDLESS, max_tokens=1500))))
    await until(lambda: bool(workers_of(engine)))
    waiting = asyncio.create_task(listen(engine.generate(LocalTarget(tiny(recite="Hi.")), ask(name="2"))))
    given_up = asyncio.create_task(
        listen(engine.generate(LocalTarget(tiny("mpt", recite="Hi.")), ask(name="3")))
    )
    await until(lambda: bool(memory.beside))

    engine.cancel("3")
    assert (await given_up).finished.reason == "cancelled"
    assert not waiting.done()
    assert len(worker_pids()) == 1
    engine.cancel("1")

    assert (await waiting).text == "Hi."
    assert (await running).finished.reason == "cancelled"
    await engine.close()


async def test_workers_with_room_stay_side_by_side(tiny: MakeTiny, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path, available=lambda _pids: 1 << 60)

    for number, name in enumerate(["mpt", "falcon"]):
        await listen(engine.generate(LocalTarget(tiny(name, recite="Hi.")), ask(name=str(number))))

    assert len(worker_pids()) == 2
    await engine.close()
    assert not worker_pids()


async def test_room_is_made_of_idle_workers_but_not_of_those_that_are_to_stay(
    tiny: MakeTiny, tmp_path: Path
) -> None:
    held = 3  # so many workers are all that memory holds
    engine = LlamaEngine(log_folder=tmp_path, available=lambda pids: 1 << 40 if len(set(pids)) < held else 0)
    *idle, other = (LocalTarget(tiny(name, recite="Hi.")) for name in ("mpt", "falcon", "llama"))
    for number, spec in enumerate(idle):
        await listen(engine.generate(spec, ask(name=str(number))))

    assert await engine.make_room(other, beside=idle)
    held = 2
    assert not await engine.make_room(other, beside=idle)
    assert set(workers_of(engine)) == {each.path for each in idle}
    assert await engine.make_room(other, beside=idle[1:])

    assert set(workers_of(engine)) == {each.path for each in idle[1:]}
    await engine.close()


async def test_what_does_not_fit_is_refused_before_it_is_loaded(tiny: MakeTiny, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path, available=lambda _pids: 1_000_000)
    path = tiny("mpt", recite="Hi.")

    answer = await listen(engine.generate(LocalTarget(path), ask()))

    assert answer.finished.reason == "failed"
    assert answer.finished.error.startswith(f"{path.name} needs 0.06 GB, 0.00 free: will not fit")
    assert "--force" in answer.finished.error
    assert not worker_pids()
    await engine.close()


async def test_a_fault_while_allocating_fails_the_generation_and_lets_nobody_wait(
    engine: LlamaEngine, tiny: MakeTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def allocate(_spec: object) -> None:
        raise RuntimeError("a bug")

    weights = LocalTarget(tiny("mpt", recite="Hi."))
    with monkeypatch.context() as patched:
        patched.setattr(engine._admission._allocator, "allocate", allocate)
        failed = await asyncio.wait_for(listen(engine.generate(weights, ask())), 10)
    after = await listen(engine.generate(weights, ask()))

    assert failed.finished.error == "llm-grader failed (RuntimeError: a bug)"
    assert after.text == "Hi."


async def test_force_tries_what_does_not_fit(tiny: MakeTiny, tmp_path: Path) -> None:
    engine = LlamaEngine(log_folder=tmp_path, available=lambda _pids: 0, settings=MachineSettings(force=True))
    answer = await listen(engine.generate(LocalTarget(tiny("mpt", recite="Hi.")), ask()))
    assert answer.text == "Hi."
    await engine.close()


async def test_a_device_that_is_not_there_fails_with_those_that_are(tiny: MakeTiny, tmp_path: Path) -> None:
    engine = LlamaEngine(MachineSettings(devices=("CUDA7",)), log_folder=tmp_path)
    answer = await listen(engine.generate(LocalTarget(tiny(recite="Hi.")), ask()))
    await engine.close()
    assert answer.finished.reason == "failed"
    assert "there is no device CUDA7; there are " in answer.finished.error
    assert "CPU" in answer.finished.error
