"""Engines of several processes on one machine: the app's answers go before those of a run beside it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest_asyncio

import tui
from tui.engine.messages import Finished, LoadSpec, Started, Waiting
from tui.engine.pool import LlamaEngine
from tui.engine.precedence import MEMORY_IS_HELD_ELSEWHERE, THE_APP_IS_ANSWERING, Precedence
from tui.engine.presence import Presence

from .listening import Answer, ask, listen, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from .conftest import MakeTiny

ENDLESS = "Count from one to a thousand."
BUSY = """
import pathlib, sys, time
from tui.engine.presence import Presence
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
    """Two engines with a memory that holds the weights of one of them, and tells in what order they began."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.began: list[str] = []
        self.looks = 0
        self.app = self._engine(first=True)
        self.run = self._engine(first=False)

    def _engine(self, *, first: bool) -> LlamaEngine:
        return LlamaEngine(
            log_folder=self._folder / "logs",
            available=lambda _pids: 0 if self.workers else 1 << 40,
            find_devices=list,
            precedence=Precedence(Presence(self._folder / "engines"), first=first),
        )

    @property
    def workers(self) -> int:
        return len(self.app._living) + len(self.run._living)

    def ask(self, engine: LlamaEngine, spec: LoadSpec, name: str, **request: object) -> asyncio.Task[Answer]:
        def note(answer: Answer) -> None:
            if isinstance(answer.events[-1], Started):
                self.began.append(name)

        events = engine.generate(spec, ask(ENDLESS, name=name, **request))
        return asyncio.create_task(listen(events, after=note))


@pytest_asyncio.fixture
async def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Machine]:
    machine = Machine(tmp_path)

    async def look_again_soon(_: Precedence) -> None:
        machine.looks += 1
        await asyncio.sleep(0.01)

    monkeypatch.setattr(Precedence, "look_again_later", look_again_soon)
    yield machine
    await asyncio.gather(machine.app.close(), machine.run.close())


def waited_for(answer: Answer) -> list[str]:
    return [event.why for event in answer.events if isinstance(event, Waiting)]


async def test_a_run_begins_nothing_while_the_app_is_answering(
    machine: Machine, smollm2: LoadSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.run, "_available", lambda _pids: 1 << 40)
    of_the_app = machine.ask(machine.app, smollm2, "app", max_tokens=1500)
    await until(lambda: machine.began == ["app"])

    of_the_run = machine.ask(machine.run, smollm2, "run", max_tokens=1)
    await until(lambda: machine.looks > 5)
    assert not machine.run._living
    machine.app.cancel("app")

    assert waited_for(await of_the_run) == [THE_APP_IS_ANSWERING]
    assert waited_for(await of_the_app) == []
    assert machine.began == ["app", "run"]


async def test_the_app_gets_the_memory_that_a_run_holds_when_what_is_begun_there_has_ended(
    machine: Machine, smollm2: LoadSpec, tiny: MakeTiny
) -> None:
    other = LoadSpec(path=str(tiny(recite="Hi.")))
    begun = machine.ask(machine.run, smollm2, "begun", max_tokens=60)
    await until(lambda: machine.began == ["begun"])

    of_the_app = machine.ask(machine.app, other, "app")
    await until(lambda: bool(machine.app._generations))
    later = machine.ask(machine.run, smollm2, "later", max_tokens=1)

    answers = [await begun, await of_the_app, await later]
    assert [answer.finished.error for answer in answers] == ["", "", ""]
    assert machine.began == ["begun", "app", "later"]
    assert [waited_for(answer) for answer in answers] == [
        [],
        [MEMORY_IS_HELD_ELSEWHERE],
        [THE_APP_IS_ANSWERING, MEMORY_IS_HELD_ELSEWHERE],
    ]


async def test_whoever_waits_for_the_app_or_for_memory_can_be_cancelled(
    machine: Machine, smollm2: LoadSpec, tiny: MakeTiny
) -> None:
    begun = machine.ask(machine.run, smollm2, "begun", max_tokens=1500)
    await until(lambda: machine.began == ["begun"])
    of_the_app = machine.ask(machine.app, LoadSpec(path=str(tiny(recite="Hi."))), "app")
    later = machine.ask(machine.run, smollm2, "later")
    await until(lambda: bool(machine.app._generations))

    for engine, name in ((machine.app, "app"), (machine.run, "later"), (machine.run, "begun")):
        engine.cancel(name)

    for answer in await asyncio.gather(begun, of_the_app, later):
        assert answer.events[-1] == answer.finished
        assert answer.finished.reason == "cancelled"
    assert isinstance((await later).events[-1], Finished)


async def test_without_a_run_what_does_not_fit_is_refused_at_once(
    machine: Machine, smollm2: LoadSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.app, "_available", lambda _pids: 0)

    answer = await machine.ask(machine.app, smollm2, "app")

    assert "will not fit" in answer.finished.error
    assert waited_for(answer) == []
