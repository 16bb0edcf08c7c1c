"""Pairs of answers on the screen: both are seen, and one key says which is better."""

from __future__ import annotations

from functools import partial

import pytest

from tui.app.screens.dialogs.end import EndScreen
from tui.app.screens.main.judging import OTHER_UNSEEN
from tui.grading.overview import Progress
from tui.grading.pair_opening import PairShelf

REPORTED = 35
"""Pairs of the report's answers to the same prompt that do not say the same."""


@pytest.fixture
def compare(sit):
    return partial(sit, kind=PairShelf, blind=True)


async def both_seen(bench):
    """Where they are not beside each other, Tab goes to the other one."""
    await bench.until(lambda: bench.screen.judging.readable)
    if not all(pane.came_into_view for pane in bench.board.judged_together):
        await bench.press("tab")
        await bench.until(lambda: bench.screen.judging.readable)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_every_pair_of_the_report_takes_one_key(compare, size):
    async with compare(size=size) as bench:
        for number in range(REPORTED):
            await both_seen(bench)
            await bench.press("1234"[number % 4])
            await bench.until(lambda judged=number + 1: bench.session.progress().judged == judged)
        await bench.until(lambda: isinstance(bench.app.screen, EndScreen))
        await bench.shows("Every pair is judged.")
        await bench.shows("grade --pairs --demo")
        assert bench.session.progress() == Progress(REPORTED, REPORTED)
        rows = list(bench.store.query("SELECT * FROM tidy_preferences ORDER BY seq"))
        asked = [row for row in rows if not row["identical"]]
        assert len({(row["response_id"], row["other_response_id"]) for row in asked}) == REPORTED
        assert all(row["shown_at"] and row["active_seconds"] is not None and row["blind"] for row in asked)
        assert {row["in_view"] for row in asked} == ({1} if size == (80, 24) else {2})


async def test_what_is_one_at_a_time_is_judged_after_both_were_seen(compare):
    async with compare(size=(80, 24)) as bench:
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("1")
        await bench.shows(OTHER_UNSEEN.split(":")[0][:20])
        assert bench.session.progress().judged == 0
        await bench.press("tab")
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("1")
        await bench.until(lambda: bench.session.progress().judged == 1)


async def test_in_a_narrow_and_tall_terminal_one_stands_above_the_other(compare):
    async with compare(size=(80, 50)) as bench:
        left, right = bench.board.judged_together
        await bench.until(lambda: left.region.bottom <= right.region.y)
        assert left.region.height >= 10 <= right.region.height
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("1")
        await bench.until(lambda: bench.session.progress().judged == 1)
        await bench.press("z")
        await bench.until(lambda: not bench.board.panes[1].rows_in_view)


@pytest.mark.parametrize("size", [(100, 30), (120, 36), (200, 50)])
async def test_both_stand_beside_each_other_with_the_keys_below(compare, size):
    async with compare("code-generation", size=size) as bench:
        left, right = bench.board.judged_together
        assert left.region.y == right.region.y
        assert left.region.right <= right.region.x
        assert left.region.width == right.region.width
        text = bench.text()
        assert all(f" {key} " in text for key in "1234")
        assert all(words in text for words in ("left ◂", "right ▸", "equal =", "both bad ✗✗"))
        levels = bench.levels
        assert levels[0].region.y == levels[1].region.y < levels[2].region.y


async def test_both_panes_and_the_row_of_the_list_say_what_was_given(compare):
    async with compare() as bench:
        await both_seen(bench)
        await bench.press("2")
        await bench.until(lambda: bench.session.place == 1)
        await bench.shows("▸")
        await bench.press("u")
        await bench.until(lambda: bench.session.place == 0)
        await bench.press("U", "[")
        await bench.until(lambda: bench.session.place == 0)
        await bench.until(lambda: bench.text().count("right ▸") == 3)


async def test_a_note_is_on_both_and_the_way_back_is_in_the_history(compare):
    async with compare() as bench:
        await both_seen(bench)
        await bench.press("n", *"ok", "enter")
        await bench.until(lambda: [slot.note for slot in bench.slots] == ["ok", "ok"])
        await bench.press("3")
        await bench.until(lambda: bench.session.place == 1)
        await bench.press("H")
        await bench.shows("= equal")
        await bench.press("enter")
        await bench.until(lambda: bench.session.place == 0)


async def test_a_dot_goes_to_the_next_pair_and_not_to_the_other_half(compare):
    async with compare() as bench:
        await bench.press("full_stop")
        await bench.until(lambda: bench.session.place == 1)


async def test_guidelines_and_details_say_what_an_answer_is_measured_by(compare):
    async with compare("code-generation", size=(200, 50)) as bench:
        standard = bench.stage.sheet.item.standard
        await bench.shows("Guidelines")
        assert all(f"{level.label} " in bench.text() for level in standard.levels)
        await bench.press("i")
        await bench.shows(f"{standard.levels[0].label}: ")
