"""What a pane says of its answer, and of how much of it was in view."""

from __future__ import annotations

import asyncio

import pytest

from tui.engines.scripted import Script
from tui.grading.letters import letter

LONG = "\n".join(f"line {number}" for number in range(1, 61))


def events(bench):
    return bench.store.judgements.events()


def below(bench):
    return bench.board.pane.border_subtitle


async def test_what_is_below_the_bottom_is_said_until_the_end_and_stored_with_the_judgement(start):
    async with start(lambda _: [LONG], count=2) as bench:
        await bench.answered()
        rows = bench.board.pane.rows_in_view
        assert below(bench) == f"↓ {60 - rows} lines"
        await bench.shows(below(bench))
        await bench.press("j", "3")
        await bench.press("G")
        assert below(bench) == ""
        await bench.press("g", "3")
        first, second = events(bench)
        assert (first.rows_unread, second.rows_unread) == (60 - rows - 1, 0)
        assert (first.in_view, second.in_view) == (2, 2)


async def test_an_answer_read_to_its_end_stays_read_in_another_width(start):
    async with start(lambda _: ["many words " * 200], count=1) as bench:
        await bench.answered()
        await bench.press("G", "g")
        await bench.pilot.resize_terminal(60, 24)
        await bench.until(lambda: below(bench))
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        assert events(bench)[0].rows_unread == 0


async def test_the_part_that_was_not_in_view_keeps_its_share_in_another_width(start):
    async with start(lambda _: ["many words " * 300], count=1, size=(60, 24)) as bench:
        await bench.answered()
        pane = bench.board.pane
        narrow = pane.scroller().row_count
        share = pane.rows_unread / narrow
        assert share > 0.2
        await bench.pilot.resize_terminal(110, 13)
        await bench.until(lambda: pane.scroller().row_count < narrow and pane.rows_in_view)
        assert abs(pane.rows_unread / pane.scroller().row_count - share) < 0.1


async def test_one_pane_at_a_time_only_one_answer_is_in_view(start):
    async with start(size=(80, 24)) as bench:
        await bench.answered()
        await bench.press("3")
        assert events(bench)[0].in_view == 1


async def test_an_answer_that_ends_is_shown_from_its_top(start):
    gate = asyncio.Event()
    async with start(lambda _: [LONG, gate, "\nend"], count=1, size=(80, 24)) as bench:
        await bench.press("r")
        await bench.shows("line 60")
        gate.set()
        await bench.shows("↓")
        assert bench.board.pane.scroller().scroll_offset.y == 0
        await bench.shows("line 1 ")


async def test_an_answer_that_ends_stays_where_the_person_scrolled_it(start):
    gate = asyncio.Event()
    async with start(lambda _: [LONG, gate, "\nend"], count=1, size=(80, 24)) as bench:
        await bench.press("r")
        await bench.shows("line 60")
        await bench.press("k", "k")
        place = bench.board.pane.scroller().scroll_offset.y
        gate.set()
        await bench.until(lambda: bench.board.pane.slot.phase == "done")
        await bench.pilot.pause()
        assert bench.board.pane.scroller().scroll_offset.y == place > 0


@pytest.mark.parametrize(
    ("answer", "words"), [([], "without writing anything"), (["\n \n"], "blank lines only")]
)
async def test_an_empty_answer_says_so_and_can_be_judged(start, answer, words):
    async with start(lambda _: answer, count=1) as bench:
        await bench.answered()
        await bench.shows("This answer is empty")
        await bench.shows(words)
        await bench.shows("done, empty")
        await bench.press("1")
        assert events(bench)[0].rows_unread == 0


@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
async def test_a_header_keeps_letter_name_and_grade(start, size):
    async with start(lambda _: Script(["x"], reason="length"), size=size) as bench:
        await bench.answered()
        for key in ("2", "space"):
            await bench.press(key)
        await bench.press("shift+tab", "shift+tab")
        header = next(row for row in bench.text().splitlines() if "▶A" in row)
        assert "A Model" in header
        assert "partial ~" in header


async def test_the_current_pane_is_told_without_colour_and_while_the_list_has_the_keys(start, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with start() as bench:
        await bench.answered()
        await bench.press("tab")
        for key in ("tab", "o"):
            await bench.press(key)
            assert bench.text().count("▶C Model") == bench.text().count("▶") == 1
            assert bench.text().count("┏") == 1


async def test_alt_and_its_letter_go_to_a_pane_and_no_letter_alone_does(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("alt+c")
        assert bench.board.current == 2
        await bench.press("d", "alt+i")
        assert bench.board.current == 2


def test_letters_go_on_after_z():
    assert [letter(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
