"""A key that cannot do what it is for says why."""

from __future__ import annotations

import asyncio

import pytest
from textual import events


@pytest.mark.parametrize("key", ["space", "n", "3", "p"])
async def test_a_key_that_judges_says_why_there_is_nothing_to_judge(start, key):
    gate = asyncio.Event()
    async with start(lambda _: ["half ", gate], count=1) as bench:
        await bench.press(key)
        await bench.shows("There is no answer here yet")
        await bench.press("escape", "r")  # a refused note takes what follows for its text, until Escape
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press(key)
        await bench.shows("This answer is still being written")
        assert bench.store.judgements.events() == []
        gate.set()


async def test_a_digit_that_is_no_level_says_how_many_there_are(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("4")
        await bench.shows("There are 3 levels here")


async def test_running_what_is_being_written_does_not_say_that_it_is_answered(start):
    async with start(lambda _: ["half ", asyncio.Event()]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("r")
        await bench.shows("The answers to this prompt are being written")


async def test_before_the_first_prompt_and_after_the_last_there_is_none_and_that_is_said(start):
    async with start(count=1) as bench:
        await bench.press("[")
        await bench.shows("This is the first prompt")
        await bench.press("]", "]", "]")
        await bench.shows("This is the last prompt")


async def test_a_key_held_down_while_an_answer_ends_does_not_judge_it(start):
    """So a key that was refused puts off the next one as well."""
    gate = asyncio.Event()
    async with start(lambda _: ["half ", gate], count=1, least_seconds=0.15) as bench:

        def three(seconds):
            key = events.Key("3", "3")
            key.time = began + seconds
            bench.app.post_message(key)

        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        began = bench.app.arrived + 10  # whatever comes now can be read by then
        three(0)
        await bench.shows("This answer is still being written")
        gate.set()
        await bench.until(lambda: bench.slot.phase == "done")
        bench.stage.draw_changes()
        await bench.until(lambda: bench.screen.judging.readable)
        for times in range(1, 30):
            three(times * 0.03)
        await bench.shows("Too fast for a person")
        await bench.pilot.pause()
        assert bench.store.judgements.events() == []
        three(29 * 0.03 + 0.16)
        await bench.until(bench.store.judgements.events)
