"""Every model answers every prompt, one prompt after another."""

from __future__ import annotations

import asyncio

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.engines.scripted import Script
from tui.errors import StoreError


def asked(bench):
    return [(request.instruction, request.system) for _, request in bench.engine.requests]


def failing(request):
    return Script(["x"], error="killed") if request.system == "1" else ["x"]


async def all_done(bench, count):
    await bench.until(lambda: len(bench.store.responses.all()) == count and not bench.session.busy)


async def test_what_is_missing_is_said_and_answered_one_prompt_after_another(start):
    async with start(count=2) as bench:
        await bench.answered()
        await bench.press("ctrl+r")
        assert isinstance(bench.app.screen, ConfirmScreen)
        await bench.shows("4 answers are missing, to 2 prompts")
        await bench.press("y")
        await all_done(bench, 6)
        instructions = [instruction for instruction, _ in asked(bench)]
        assert instructions == ["do code 1"] * 2 + ["do code 2"] * 2 + ["do text 1"] * 2
        assert bench.session.place == 0
        await bench.until(lambda: all(cell.state == "open" for cell in bench.session.cells(2)))
        await bench.until(lambda: bench.text().count("○○") == 3)
        await bench.press("ctrl+r")
        await bench.shows("Every model has answered every prompt.")


async def test_the_next_prompt_waits_for_the_slowest_model(start):
    rest = asyncio.Event()
    async with start(lambda request: ["x", rest] if request.system == "2" else ["x"], count=2) as bench:
        await bench.press("ctrl+r", "y")
        await bench.until(lambda: len(bench.store.responses.all()) == 1)
        assert [instruction for instruction, _ in asked(bench)] == ["do code 1"] * 2
        rest.set()
        await all_done(bench, 6)


async def test_a_model_that_fails_does_not_end_it(start):
    async with start(failing, count=2) as bench:
        await bench.press("ctrl+r", "y")
        await bench.until(lambda: len(asked(bench)) == 6 and not bench.session.busy)


async def test_no_is_no(start):
    async with start(count=1) as bench:
        await bench.press("ctrl+r", "n")
        assert not bench.session.busy
        assert asked(bench) == []


async def test_stop_on_an_answer_that_is_done_ends_it(start):
    never = asyncio.Event()
    async with start(lambda request: ["x"] if "code 1" in request.instruction else ["x", never]) as bench:
        await bench.press("ctrl+r", "y")
        await bench.until(lambda: len(bench.store.responses.all()) == 4)
        await bench.until(lambda: len(asked(bench)) == 8)
        await bench.press("escape")
        await bench.until(lambda: not bench.session.busy)
        await bench.pilot.pause()
        assert len(asked(bench)) == 8


async def test_while_the_database_cannot_be_read_it_waits_and_goes_on(start, monkeypatch):
    monkeypatch.setattr("tui.generation.round._RETRY_SECONDS", 0.01)
    async with start(count=1) as bench:
        read, failures = bench.context.live.answers, iter([StoreError("busy")] * 3)

        def answers(item):
            for failure in failures:
                raise failure
            return read(item)

        monkeypatch.setattr(bench.context.live, "answers", answers)
        await bench.press("ctrl+r", "y")
        await all_done(bench, 3)


async def test_leaving_ends_it(start):
    never = asyncio.Event()
    async with start(lambda _: ["x", never], count=1) as bench:
        await bench.press("ctrl+r", "y")
        await bench.until(lambda: len(asked(bench)) == 1)
        await bench.press("q")
        await bench.quits("y")
        assert len(asked(bench)) == 1
