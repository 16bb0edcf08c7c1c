"""A click is about what was on the screen when it arrived, as a key is."""

from __future__ import annotations

import pytest
from textual import events

from tui.app.screens.main.bars import PaneTab


def mouse(kind, widget, button=1):
    x, y = widget.region.x + 2, widget.region.y
    return kind(None, x, y, 0, 0, button, False, False, False, x, y)


def click(bench, widget, button=1):
    """As the terminal's reading thread gives it to the app."""
    for kind in (events.MouseDown, events.MouseUp):
        bench.app.post_message(mouse(kind, widget, button))


async def test_a_click_on_a_level_grades(start):
    async with start() as bench:
        await bench.answered()
        click(bench, bench.levels[-1])
        await bench.until(lambda: bench.labels()[0] == "pass")


async def test_a_key_right_after_a_click_comes_after_it(start):
    async with start() as bench:
        await bench.answered()
        click(bench, bench.levels[-1])
        for _ in range(2):
            bench.app.post_message(events.Key("tab", None))
        await bench.until(lambda: any(bench.labels()))
        assert bench.labels() == ["pass", None, None, None]
        assert bench.board.current == 3


async def test_a_level_right_after_a_click_on_a_tab_is_for_the_pane_of_that(start):
    async with start(size=(80, 24)) as bench:
        await bench.answered()
        click(bench, bench.screen.query(PaneTab)[2])
        await bench.until(lambda: bench.board.current == 2)
        await bench.until(lambda: bench.screen.judging.readable)
        click(bench, bench.screen.query(PaneTab)[3])
        bench.app.post_message(events.Key("3", "3"))
        await bench.until(lambda: bench.board.current == 3)
        await bench.pilot.pause()
        assert bench.labels() == [None] * 4


@pytest.mark.parametrize("button", [2, 3])
async def test_another_button_than_the_first_decides_nothing(start, button):
    async with start() as bench:
        await bench.answered()
        click(bench, bench.levels[-1], button)
        await bench.pilot.pause()
        await bench.pilot.pause()
        assert bench.store.judgements.events() == []


async def test_a_click_that_arrived_before_the_answer_could_be_read_does_not_judge_it(start):
    async with start() as bench:
        await bench.answered()
        level = bench.levels[-1]
        down, up = (mouse(kind, level) for kind in (events.MouseDown, events.MouseUp))
        down.time = up.time = bench.board.pane.readable_since - 0.1
        for event in (down, up):
            bench.app.post_message(event)
        await bench.shows("only just come into view")
        assert bench.store.judgements.events() == []
