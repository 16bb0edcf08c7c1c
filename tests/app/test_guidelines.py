"""The guidelines of a task above its answers."""

from __future__ import annotations

import pytest
from making import task

from tui.app.screens.main.pane import Pane

SIZES = pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])


def answer_rows(bench):
    return min(pane.scroller().size.height for pane in bench.screen.query(Pane) if pane.region.width)


@SIZES
async def test_a_session_shows_them_before_the_first_answers_of_a_task_and_the_answers_keep_their_room(
    sit, size
):
    async with sit(size=size) as bench:
        bar, first = bench.board.guidelines, bench.session.place
        assert bar.display
        await bench.shows("Guidelines · ")
        assert bar.region.height <= bench.board.size.height // 2
        assert answer_rows(bench) >= 6
        shown = {bench.session.items[first].task.name}
        while bench.session.progress().judged < 20:
            await bench.press("3")
            name = bench.session.items[bench.session.place].task.name
            if bench.session.place != first:
                assert bar.display == (name not in shown)
                first = bench.session.place
                shown.add(name)
            await bench.pilot.pause()
            assert answer_rows(bench) >= 6 or not bar.display, bench.text()


@SIZES
async def test_a_key_shows_and_hides_them_where_answers_are_written(start, size):
    described = task("code", 1, description="Judge the program, not the words.")
    async with start(size=size, tasks=(described,)) as bench:
        await bench.answered()
        assert not bench.board.guidelines.display
        await bench.press("I")
        await bench.pilot.pause()
        assert "Judge the program, not the words." in bench.text()
        assert answer_rows(bench) >= 6
        await bench.press("3")
        assert bench.labels()[0] == "pass"
        await bench.press("I")
        assert not bench.board.guidelines.display
        assert "Judge the program" not in bench.text()


async def test_where_there_is_no_room_for_all_of_them_they_say_where_the_rest_is(start):
    described = task("code", 1, description="\n".join(f"rule {n}" for n in range(40)))
    async with start(size=(80, 24), tasks=(described,)) as bench:
        await bench.answered()
        await bench.press("I")
        await bench.shows("i: all of it")
        await bench.pilot.resize_terminal(80, 15)
        await bench.pilot.pause()
        await bench.press("I")
        await bench.shows("There is no room")
