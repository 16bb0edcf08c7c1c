"""Flags: a mark with its reason, for another look."""

from __future__ import annotations

from tui.app.screens.main.screen import MainScreen


async def closed(bench):
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))


def flags(bench):
    return [(each.kind, each.text) for each in bench.store.judgements.events()]


async def test_a_flag_has_a_reason_and_is_told_in_words_beside_the_grade(start):
    async with start(size=(80, 24)) as bench:
        await bench.answered()
        await bench.press("x")
        await bench.shows("Flag on A Model-1 · Code 1 · code 1")
        await bench.press(*"q1", "enter")
        await closed(bench)
        await bench.shows("⚑ flagged")
        assert "flagged: q1" in bench.text()
        assert bench.labels() == [None, None, None, None]
        await bench.press("3", "shift+tab")
        await bench.shows("pass ✓")
        assert "⚑ flagged" in bench.text()
        assert flags(bench)[0] == ("flag", "q1")


async def test_without_a_reason_it_is_taken_away_and_escape_leaves_it(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("x", *"ab", "enter")
        await closed(bench)
        await bench.press("x", "c", "escape")
        await closed(bench)
        assert bench.slot.flag == "ab"
        await bench.press("x", "backspace", "backspace", "enter")
        await closed(bench)
        assert bench.slot.flag == ""
        assert "flagged" not in bench.text()


async def test_undo_takes_a_flag_back(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("x", *"ab", "enter")
        await closed(bench)
        await bench.press("u")
        await bench.shows("Took back: the flag")
        assert bench.slot.flag == ""


async def test_where_nothing_can_be_flagged_the_reason_is_no_command(start):
    async with start() as bench:
        await bench.press("x", *"no q", "enter")
        await bench.shows("There is no answer here yet")
        assert flags(bench) == []
        assert bench.app.is_running
