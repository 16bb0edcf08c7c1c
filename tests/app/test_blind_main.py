"""The main screen while it is blind: what it says in place of names, and how it ends."""

from __future__ import annotations

import pytest
from making import task

from tui.app.screens.main.pane import TOGETHER
from tui.engines.scripted import Script
from tui.errors import StoreError
from tui.grading.history import Filter
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
TITLES = [f"Model-{number}" for number in range(1, 5)]
MANY = task("code", 12)


def one_is_slow(request):
    return ["slow"] if request.system != "3" else Script(["slow ", 1e9, "never"])


def named(bench):
    return [title for title in TITLES if title in bench.text()]


def marks(bench):
    return {cell.state for cell in bench.session.cells(bench.session.place)}


async def hidden(bench):
    """Until the toast that says so is out of the way."""
    await bench.press("b")
    await bench.shows("names hidden")
    bench.app.clear_notifications()
    await bench.pilot.pause()


@SIZES
async def test_it_says_that_names_are_hidden_and_the_key_that_ends_it(start, size):
    async with start(size=size) as bench:
        await bench.answered()
        assert named(bench)
        await hidden(bench)
        text = bench.text()
        assert not named(bench)
        assert "blind" in text
        assert "B Reveal" in text
        assert "Answer A" in text
        assert "A Answer A" not in text
        assert "A ○ Answer A" not in text
        await bench.press("B", "y")
        assert named(bench)
        assert "blind:" not in bench.text()


async def test_an_open_main_screen_names_the_key_that_hides(start):
    async with start(size=(200, 50)) as bench:
        await bench.answered()
        assert "b Blind" in bench.text()
        assert "B Reveal" not in bench.text()


@pytest.mark.parametrize("size", [(120, 36), (200, 50)])
async def test_while_an_answer_is_written_every_pane_says_the_same(start, size):
    async with start(one_is_slow, size=size) as bench:
        await hidden(bench)
        await bench.press("r")
        live = bench.context.live
        await bench.until(lambda: sum(each.busy for each in live._answers.values()) == 1)
        bench.stage.draw_changes()
        await bench.pilot.pause()
        assert (
            len({(each.phase, each.text, each.reading, each.open, each.samples) for each in bench.slots}) == 1
        )
        text = bench.text()
        assert text.count(TOGETHER[:20]) == sum(pane.rows_in_view > 0 for pane in bench.board.panes)
        assert "slow" not in text
        assert marks(bench) == {"working"}
        await bench.press("escape")
        await bench.until(lambda: not live.busy)


async def test_escape_stops_all_of_them_and_a_second_run_tells_nothing(start):
    async with start(one_is_slow) as bench:
        await hidden(bench)
        await bench.press("r")
        live = bench.context.live
        await bench.until(lambda: sum(each.busy for each in live._answers.values()) == 1)
        assert bench.session.run() == 0
        assert not any(bench.session.run_again(slot.id) for slot in bench.slots)
        assert all(bench.session.events(slot.id) == () for slot in bench.slots)
        busy = next(each for each in live._answers.values() if each.busy)
        slots = {bench.session._answers.slot_id(each): each for each in live._answers.values()}
        other = next(id_ for id_, each in slots.items() if each is not busy)
        bench.session.stop(other)
        await bench.until(lambda: not busy.busy)


async def test_of_an_item_that_lacks_an_answer_the_list_tells_as_little_as_the_panes(start):
    async with start(count=3, tasks=(task("code", 1),)) as bench:
        await bench.answered()
    async with start(tasks=(task("code", 1),)) as bench:
        assert [each.phase for each in bench.slots] == ["done"] * 3 + ["empty"]
        await hidden(bench)
        assert {each.phase for each in bench.slots} == {"empty"}
        assert marks(bench) == {"none"}


async def test_a_further_sample_is_not_told_of(start):
    async with start(tasks=(task("code", 1),)) as bench:
        await hidden(bench)
        await bench.answered()
        await bench.press("R")
        await bench.until(lambda: not bench.context.live.busy)
        await bench.pilot.pause()
        assert {(slot.sample, slot.samples, slot.open_samples) for slot in bench.slots} == {(1, 1, ())}
        assert len(bench.session.history(Filter("open")).entries) == 4
        await bench.press("s")
        await bench.shows("How many answers")


async def test_of_several_blind_sessions_a_reveal_opens_one_and_says_that_others_are_left(start):
    async with start(tasks=(task("code", 2),)) as bench:
        await bench.answered()
        shelf = Shelf(bench.store, (task("code", 2),), "mei", blind=True)
        first = shelf.begin(ToJudge()).session
        second = shelf.begin(ToJudge(samples=1)).session
    async with start(tasks=(task("code", 2),)) as bench:
        assert bench.session.blind
        assert "names hidden" in bench.text()
        await bench.press("B", "y")
        await bench.shows("Another session of yours is blind, too.")
        revealed = [bench.store.sessions.is_revealed(each.id) for each in (first, second)]
        assert revealed == [False, True]
        assert not named(bench)
        await bench.press("B", "y")
        assert named(bench)
        assert not bench.session.blind


async def test_where_the_database_cannot_be_read_nothing_is_hidden_by_half(start, monkeypatch):
    async with start() as bench:
        await bench.answered()

        def refuse(*_, **__):
            raise StoreError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(bench.store.progress, "of_prompt", refuse)
            await bench.press("b")
            await bench.shows("the disk is full")
        assert not bench.session.blind
        assert "names hidden" not in bench.text()
        assert named(bench)
