"""Engines of several processes on one machine: the app's answers go before those of a run beside it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest_asyncio

import tui
from tui.engines.events import Started, Waiting
from tui.engines.llama.allocating import allocation_of
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.sharing import priority
from tui.engines.llama.sharing.presence import Presence
from tui.engines.llama.sharing.priority import MEMORY_IS_HELD_ELSEWHERE, THE_APP_IS_ANSWERING, Priority
from tui.engines.target import LocalTarget

from .listening import PLAIN, Answer, ask, listen, living, spec_of, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from .conftest import MakeTiny

ENDLESS = "Once upon a time there was a fox beside a river who wrote down the numbers from one to a thousand:"
BUSY = """
import pathlib, sys, time
from tui.engines.llama.sharing import priority
from tui.engines.llama.sharing.presence import Presence
presence = Presence(pathlib.Path(sys.argv[1]))
presence.show("answering", True)
print("shown", flush=True)
time.sleep(60)
"""


def test_an_activity_is_seen_elsewhere_for_as_long_as_it_lasts(tmp_path: Path) -> None:
    one, other = Presence(tmp_path / "engines"), Presence(tmp_path / "engines")

    one.show("answering", True)
    one.show("answering", True)

    assert other.elsewhere("answering")
    assert not one.elsewhere("answering")
    assert not other.elsewhere("holding")
    one.show("answering", False)
    assert not other.elsewhere("answering")
    assert list((tmp_path / "engines").iterdir()) == []


def test_a_process_that_is_killed_is_not_waited_for(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(tui.__file__).parent.parent)}
    command = [sys.executable, "-c", BUSY, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert Presence(tmp_path).elsewhere("answering")
        process.kill()
        process.wait()

    assert not Presence(tmp_path).elsewhere("answering")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_locked_nobody_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    presence = Presence(tmp_path / "file")

    presence.show("answering", True)

    assert not Presence(tmp_path / "file").elsewhere("answering")


class Machine:
    """Two engines with a memory that holds the weights of `room` workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.room = 1
        self.total = 1 << 40
        self.answers: dict[str, Answer] = {}
        self.app = self._engine(first=True)
        self.run = self._engine(first=False)

    def _engine(self, *, first: bool) -> LlamaEngine:
        return LlamaEngine(
            log_folder=self._folder / "logs",
            available=lambda _pids: self.total if self.workers < self.room else 0,
            total=lambda: self.total,
            find_devices=list,
            priority=Priority(Presence(self._folder / "engines"), first=first),
        )

    @property
    def workers(self) -> int:
        return living(self.app) + living(self.run)

    def ask(
        self, engine: LlamaEngine, target: LocalTarget, name: str, **request: object
    ) -> asyncio.Task[Answer]:
        def note(answer: Answer) -> None:
            self.answers[name] = answer

        asked = ask(ENDLESS, name=name, template=PLAIN, temperature=0, **request)
        return asyncio.create_task(listen(engine.generate(target, asked), after=note))

    async def begins(self, name: str) -> None:
        await until(lambda: self._has(name, Started))

    async def waits(self, name: str) -> None:
        await until(lambda: self._has(name, Waiting))

    def _has(self, name: str, kind: type) -> bool:
        answer = self.answers.get(name)
        return answer is not None and any(isinstance(event, kind) for event in answer.events)


@pytest_asyncio.fixture
async def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Machine]:
    monkeypatch.setattr(priority, "LOOKING_SECONDS", 0.02)
    machine = Machine(tmp_path)
    yield machine
    await asyncio.gather(machine.app.close(), machine.run.close())


def waited_for(answer: Answer) -> list[str]:
    return [event.why for event in answer.events if isinstance(event, Waiting)]


async def test_a_run_begins_nothing_while_the_app_is_answering(
    machine: Machine, smollm2: LocalTarget
) -> None:
    machine.room = 2
    of_the_app = machine.ask(machine.app, smollm2, "app", max_tokens=1500)
    await machine.begins("app")
    of_the_run = machine.ask(machine.run, smollm2, "run", max_tokens=1)
    await machine.waits("run")
    for _ in range(5):  # would it begin at the next look?
        await Priority().look_again_later()
    assert not living(machine.run)
    assert not of_the_app.done()

    machine.app.cancel("app")

    assert waited_for(await of_the_run) == [THE_APP_IS_ANSWERING]
    assert waited_for(await of_the_app) == []


async def test_the_app_gets_the_memory_that_a_run_holds_when_what_is_begun_there_has_ended(
    machine: Machine, smollm2: LocalTarget, tiny: MakeTiny
) -> None:
    other = LocalTarget(tiny(recite="Hi."))
    begun = machine.ask(machine.run, smollm2, "begun", max_tokens=60)
    await machine.begins("begun")

    of_the_app = machine.ask(machine.app, other, "app")
    await machine.waits("app")
    later = machine.ask(machine.run, smollm2, "later", max_tokens=1)

    answers = [await begun, await of_the_app, await later]
    assert [answer.finished.error for answer in answers] == ["", "", ""]
    assert [waited_for(answer) for answer in answers] == [
        [],
        [MEMORY_IS_HELD_ELSEWHERE],
        [THE_APP_IS_ANSWERING, MEMORY_IS_HELD_ELSEWHERE],
    ]


async def test_what_waits_for_memory_keeps_nothing_waiting_that_has_enough(
    machine: Machine, smollm2: LocalTarget, tiny: MakeTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = machine.ask(machine.run, smollm2, "held", max_tokens=1500)
    await machine.begins("held")
    monkeypatch.setattr(machine.app._admission._allocator, "_available", lambda _pids: 100_000_000)
    waiting = machine.ask(machine.app, smollm2, "waiting")
    await machine.waits("waiting")

    assert (await machine.ask(machine.app, LocalTarget(tiny(recite="Hi.")), "other")).text == "Hi."

    assert not waiting.done()
    assert not held.done()
    machine.app.cancel("waiting")
    machine.run.cancel("held")
    await asyncio.gather(waiting, held)


async def test_whoever_waits_for_the_app_or_for_memory_can_be_cancelled(
    machine: Machine, smollm2: LocalTarget, tiny: MakeTiny
) -> None:
    begun = machine.ask(machine.run, smollm2, "begun", max_tokens=1500)
    await machine.begins("begun")
    of_the_app = machine.ask(machine.app, LocalTarget(tiny(recite="Hi.")), "app")
    later = machine.ask(machine.run, smollm2, "later")
    await machine.waits("app")
    await machine.waits("later")

    for engine, name in ((machine.app, "app"), (machine.run, "later")):
        engine.cancel(name)

    for answer in await asyncio.gather(of_the_app, later):
        assert answer.events[-1] == answer.finished
        assert answer.finished.reason == "cancelled"
    assert not begun.done()
    machine.run.cancel("begun")
    await begun


async def test_what_can_never_fit_is_refused_whoever_holds_memory(
    machine: Machine, smollm2: LocalTarget, tiny: MakeTiny
) -> None:
    held = machine.ask(machine.run, smollm2, "held", max_tokens=1500)
    await machine.begins("held")
    machine.total = 0

    answer = await machine.ask(machine.app, LocalTarget(tiny()), "app")

    assert "will not fit" in answer.finished.error
    assert waited_for(answer) == []
    machine.run.cancel("held")
    await held


async def test_without_a_run_what_does_not_fit_is_refused_at_once(
    machine: Machine, smollm2: LocalTarget
) -> None:
    machine.room = 0

    answer = await machine.ask(machine.app, smollm2, "app")

    assert "will not fit" in answer.finished.error
    assert waited_for(answer) == []


async def test_weights_that_fit_wait_a_moment_for_memory_in_which_they_fit_better(
    machine: Machine, smollm2: LocalTarget, tiny: MakeTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engines.llama.admission.BETTER_SECONDS", 0.2)
    held = machine.ask(machine.run, smollm2, "held", max_tokens=1500)
    await machine.begins("held")
    target = LocalTarget(tiny(recite="Hi."))
    machine.app.set_lanes(target, 4)
    one = allocation_of(spec_of(target), free=1 << 40, devices=[])
    assert one is not None
    monkeypatch.setattr(machine.app._admission._allocator, "_available", lambda _pids: one.needed + 1)

    answer = await machine.ask(machine.app, target, "app")

    assert (answer.text, waited_for(answer)) == ("Hi.", [MEMORY_IS_HELD_ELSEWHERE])
    assert not held.done()
    machine.run.cancel("held")
    await held


async def test_weights_that_would_have_less_context_wait_until_memory_holds_all_of_it(
    machine: Machine, smollm2: LocalTarget, tiny: MakeTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.engines.llama.admission.BETTER_SECONDS", 0)
    held = machine.ask(machine.run, smollm2, "held", max_tokens=1500)
    await machine.begins("held")
    target = LocalTarget(tiny(recite="Hi."))
    shorter = allocation_of(spec_of(replace(target, context_length=1024)), free=1 << 40, devices=[])
    assert shorter is not None

    def available(_pids: object) -> int:
        return shorter.needed if living(machine.run) else 1 << 40

    monkeypatch.setattr(machine.app._admission._allocator, "_available", available)

    of_the_app = machine.ask(machine.app, target, "app")
    await machine.waits("app")
    machine.run.cancel("held")
    answer = await of_the_app

    assert (answer.text, answer.loaded.facts.context_length) == ("Hi.", 2048)
    await held
