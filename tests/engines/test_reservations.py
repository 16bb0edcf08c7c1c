"""Memory that is promised counts as taken, to every process, from the moment it is promised."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest
from msgspec import structs

from tui.engines.events import Loaded
from tui.engines.llama.allocating import Allocator, allocation_of
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.sharing.reservations import Reservations
from tui.engines.target import LocalTarget
from tui.memory.free import Device
from tui.memory.placement import Placement

from .listening import ask, listen, living, spec_of, until, workers_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from .conftest import MakeTiny
    from .listening import Answer

GIGABYTE = 10**9
HERE = os.getpid()


def card(name: str, free: int) -> Device:
    return Device(name=name, description="a card", kind="gpu", free=free, total=free)


def placement(host: int, **on_devices: int) -> Placement:
    """On cards of 4 GB each."""
    return Placement(1, host, tuple((card(name, 4 * GIGABYTE), need) for name, need in on_devices.items()))


def promised(reservations: Reservations) -> list[tuple[int, int, dict[str, int]]]:
    return [(each.pid, each.in_ram, each.left) for each in reservations.all()]


def test_others_see_what_is_promised_until_it_ends(tmp_path: Path) -> None:
    ours, theirs = Reservations(tmp_path / "here"), Reservations(tmp_path / "here")

    ours.make(HERE, placement(8 * GIGABYTE, CUDA0=3))
    assert promised(ours) == promised(theirs) == [(HERE, 8 * GIGABYTE, {"CUDA0": 4 * GIGABYTE - 3})]
    [seen] = theirs.all()
    assert 0 < seen.outstanding < 8 * GIGABYTE

    ours.loaded(HERE, placement(8 * GIGABYTE, CUDA0=3))
    assert promised(theirs) == [(HERE, 8 * GIGABYTE, {})]

    ours.end(HERE)
    assert promised(ours) == promised(theirs) == []
    assert list((tmp_path / "here").iterdir()) == []


def test_what_a_process_has_taken_is_promised_no_more() -> None:
    reservations = Reservations()
    reservations.make(HERE, placement(1000))
    [made] = reservations.all()
    assert made.outstanding == 0


@pytest.mark.parametrize(
    "left",
    [
        b'{"pid": 4194303, "started": 1.0, "in_ram": 5}',
        b'{"pid": %d, "started": 1.0, "in_ram": 5}' % HERE,
        b'{"pid": ',
    ],
    ids=["of a process that is gone", "of one whose number this has now", "half a file"],
)
def test_what_a_dead_process_left_promises_nothing(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "worker-1.json").write_bytes(left)
    assert Reservations(tmp_path).all() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_a_worker_that_ended_and_nobody_buried_promises_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        Reservations(tmp_path).make(process.pid, placement(8 * GIGABYTE))
        assert len(Reservations(tmp_path).all()) == 1
        process.kill()
        worker = psutil.Process(process.pid)
        while worker.status() != psutil.STATUS_ZOMBIE:
            pass
        assert Reservations(tmp_path).all() == []
    assert list(tmp_path.iterdir()) == []


async def test_one_process_allocates_at_a_time(tmp_path: Path) -> None:
    order = []

    async def allocate(name: str, inside: asyncio.Event, go_on: asyncio.Event) -> None:
        async with Reservations(tmp_path).allocating():
            order.append(f"{name} begins")
            inside.set()
            await go_on.wait()
            order.append(f"{name} ends")

    first_inside, first_ends, second_inside = asyncio.Event(), asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(allocate("first", first_inside, first_ends))
    await first_inside.wait()
    second = asyncio.create_task(allocate("second", second_inside, first_ends))
    given_up = asyncio.create_task(allocate("given up", asyncio.Event(), first_ends))
    for _ in range(5):
        await asyncio.sleep(0)
    given_up.cancel()
    first_ends.set()
    await asyncio.gather(first, second)

    assert order == ["first begins", "first ends", "second begins", "second ends"]


async def test_where_nothing_can_be_written_each_process_allocates_for_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    reservations = Reservations(tmp_path / "file")
    async with reservations.allocating():
        reservations.make(HERE, placement(8 * GIGABYTE))
    assert promised(reservations) == [(HERE, 8 * GIGABYTE, {})]
    reservations.end(HERE)
    assert promised(reservations) == []


async def test_allocations_reckon_with_what_is_promised_on_a_card_and_beside_it(
    tiny: MakeTiny, tmp_path: Path
) -> None:
    ours, theirs = Reservations(tmp_path), Reservations(tmp_path)
    devices = [card("CUDA0", 4 * GIGABYTE), card("CUDA1", 4 * GIGABYTE)]
    allocator = Allocator(
        available=lambda _pids: 9 * GIGABYTE,
        total=lambda: 9 * GIGABYTE,
        find_devices=lambda: devices,
        reservations=ours,
    )
    theirs.make(HERE, placement(8 * GIGABYTE, CUDA0=3 * GIGABYTE))
    spec = spec_of(LocalTarget(tiny()))
    silent = await allocator.allocate(spec)
    assert silent.spec.devices == ("CUDA1",)  # all of both seems to be free
    for taken in (GIGABYTE, 3 * GIGABYTE):  # while it loads
        devices[:] = [structs.replace(card("CUDA0", 4 * GIGABYTE), free=4 * GIGABYTE - taken), devices[1]]
        allocation = (await allocator.allocate(structs.replace(spec, devices=("CUDA0",)))).allocation
        assert allocation is not None
        assert allocation.placement.on_devices == ()  # a gigabyte is left, which is the driver's

    allocated = await allocator.allocate(spec)

    assert allocated.allocation is not None
    # Of the eight promised, what this process has is taken already: a gigabyte or so.
    assert GIGABYTE <= allocated.allocation.free < 6 * GIGABYTE
    assert allocated.spec.devices == ("CUDA1",)
    assert [device.name for device, _ in allocated.allocation.placement.on_devices] == ["CUDA1"]
    ours.end(HERE)
    theirs.end(HERE)
    devices[0] = card("CUDA0", 4 * GIGABYTE)
    assert (await allocator.allocate(spec)).spec.devices == ()


class Memory:
    """A machine with so many bytes, of which only workers take any."""

    def __init__(self, total: int) -> None:
        self.total = total

    def __call__(self, pids: Iterable[int]) -> int:
        return self.total - sum(psutil.Process(pid).memory_info().rss for pid in pids)


def needs(target: LocalTarget) -> int:
    allocation = allocation_of(spec_of(target), free=1 << 60, devices=[])
    assert allocation is not None
    return allocation.needed


@pytest.mark.parametrize("engines", [1, 2], ids=["one process", "two processes"])
async def test_weights_that_load_at_the_same_time_do_not_both_get_the_same_memory(
    engines: int, smollm2: LocalTarget, tmp_path: Path
) -> None:
    memory = Memory(needs(smollm2) * 3 // 2)
    made = [
        LlamaEngine(
            log_folder=tmp_path / "logs",
            available=memory,
            find_devices=list,
            reservations=Reservations(tmp_path / "here"),
        )
        for _ in range(engines)
    ]
    beside: list[int] = []

    def look(_answer: Answer) -> None:
        beside.append(sum(map(living, made)))

    async def answer(engine: LlamaEngine, target: LocalTarget) -> Answer:
        request = ask(name=f"{target.context_length}", max_tokens=3)
        return await listen(engine.generate(target, request), after=look)

    two = (smollm2, replace(smollm2, context_length=2040))
    answers = await asyncio.gather(*(answer(made[-index], target) for index, target in enumerate(two)))
    for engine in made:
        await engine.close()

    assert max(beside) == 1
    failed = [each.finished.error for each in answers if each.finished.reason == "failed"]
    assert len(failed) == engines - 1  # they do not know that the other would give it back
    assert all("will not fit" in each for each in failed)
    assert list((tmp_path / "here").glob("*.json")) == []


async def test_where_memory_is_short_the_context_is_and_no_answer_depends_on_it(
    smollm2: LocalTarget, tmp_path: Path
) -> None:
    memory = Memory(needs(replace(smollm2, context_length=1024)))
    engine = LlamaEngine(log_folder=tmp_path, available=memory, find_devices=list)
    story = ask("Tell a story.", max_tokens=60, temperature=0.8, seed=3)

    short = await listen(engine.generate(smollm2, story))
    refused = await listen(engine.generate(smollm2, structs.replace(ask(max_tokens=1500), id="2")))
    memory.total = needs(smollm2) * 2
    whole = await listen(engine.generate(smollm2, structs.replace(story, id="3")))
    loaded_once = workers_of(engine)[smollm2.path].pid
    again = await listen(
        engine.generate(smollm2, structs.replace(ask(max_tokens=1500, stop_texts=("e",)), id="4"))
    )

    assert [event.facts.context_length for event in short.events if isinstance(event, Loaded)] == [1024]
    said = "memory holds 1024 of 2048 tokens of context: what might need more is refused"
    assert said in short.loaded.facts.warnings
    assert refused.finished.reason == "failed"
    assert "its answer up to 1500, memory holds 1024 of 2048 tokens of context" in refused.finished.error
    assert whole.loaded.facts.context_length == 2048
    assert said not in whole.loaded.facts.warnings
    assert short.text == whole.text
    assert again.finished.reason == "stop"
    assert workers_of(engine)[smollm2.path].pid == loaded_once
    await engine.close()


async def test_weights_with_a_shortened_context_answer_on_while_others_would_have_to_end_for_more(
    smollm2: LocalTarget, tiny: MakeTiny, tmp_path: Path
) -> None:
    memory = Memory(needs(replace(smollm2, context_length=1024)))
    engine = LlamaEngine(log_folder=tmp_path, available=memory, find_devices=list)
    engine.set_lanes(smollm2, 4)
    await listen(engine.generate(smollm2, ask(max_tokens=1)))
    cramped = workers_of(engine)[smollm2.path].pid

    memory.total = needs(smollm2) + needs(LocalTarget(tiny())) + 10_000_000  # not for four at a time
    other = asyncio.create_task(
        listen(engine.generate(LocalTarget(tiny()), ask(name="other", max_tokens=1500, seed=1)))
    )
    await until(lambda: living(engine) == 2)
    answer = await listen(engine.generate(smollm2, ask(name="2", max_tokens=1)))

    assert answer.finished.reason == "length"
    assert workers_of(engine)[smollm2.path].pid == cramped
    await engine.close()
    await other
