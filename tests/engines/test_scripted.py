from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.engines.events import Delta, Loaded, Started
from tui.engines.llama.protocol import LoadSpec
from tui.engines.scripted import Script, ScriptedEngine

from .listening import Answer, ask, listen

if TYPE_CHECKING:
    from tui.engines.base import Engine

SPEC = LoadSpec(path="nowhere.gguf")


async def test_it_answers_as_the_script_says() -> None:
    engine: Engine = ScriptedEngine({"Hi.": ["Hel", 0.0, "lo"]})

    answer = await listen(engine.generate(SPEC, ask("Hi.")))

    assert [type(event) for event in answer.events[:2]] == [Loaded, Started]
    assert (answer.text, answer.finished.reason, answer.finished.tokens) == ("Hello", "stop", 2)


async def test_a_gate_holds_the_answer_until_it_opens() -> None:
    gate, seen = asyncio.Event(), asyncio.Event()
    engine = ScriptedEngine(lambda _request: ["before", gate, " after"])

    def note(answer: Answer) -> None:
        if isinstance(answer.events[-1], Delta):
            seen.set()

    listening = asyncio.create_task(listen(engine.generate(SPEC, ask()), after=note))
    await seen.wait()
    assert not listening.done()
    gate.set()

    assert (await listening).text == "before after"


async def test_cancel_and_close_end_a_waiting_answer_and_keep_its_text() -> None:
    engine = ScriptedEngine(lambda _request: ["some", asyncio.Event(), "never"])
    first = asyncio.create_task(listen(engine.generate(SPEC, ask())))
    second = asyncio.create_task(listen(engine.generate(SPEC, ask(name="2"))))
    await asyncio.sleep(0)

    engine.cancel("1")
    engine.cancel("nobody")
    answer = await first
    await engine.close()

    assert (answer.text, answer.finished.reason) == ("some", "cancelled")
    assert (await second).finished.reason == "cancelled"


async def test_it_fails_after_its_steps() -> None:
    engine = ScriptedEngine(lambda _request: Script(["half"], error="out of memory", loading=[0.5]))

    answer = await listen(engine.generate(SPEC, ask()))

    assert (answer.text, answer.finished.reason, answer.finished.error) == ("half", "failed", "out of memory")
