"""A text that is being written is not lost without a word."""

from __future__ import annotations

import asyncio

import pytest

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.dialogs.note import NoteScreen


@pytest.mark.parametrize("key", ["n", "e"])
async def test_leaving_while_a_text_is_written_asks_and_no_goes_back_to_it(start, key):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press(key, "h", "i", "ctrl+q")
        assert isinstance(bench.app.screen, ConfirmScreen)
        await bench.shows("is not saved. Quit?")
        await bench.press("n")
        await bench.shows("hi")
        await bench.press("ctrl+q")
        await bench.quits("y")


async def test_a_note_that_nobody_changed_asks_nothing(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("n", "h", "enter", "n")
        assert isinstance(bench.app.screen, NoteScreen)
        await bench.quits("ctrl+q")


async def test_with_answers_being_written_the_one_question_names_the_text_too(start):
    gate = asyncio.Event()
    async with start(lambda _: ["x", gate]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("e", "h", "ctrl+q")
        await bench.shows("Answers are still being written. Quit?")
        assert "What you have just written is not" in bench.app.screen._explanation
        await bench.press("escape")
        await bench.shows("A prompt of your own")
        gate.set()
