"""Keys as terminals and keyboards send them."""

from __future__ import annotations

import asyncio

import pytest
from making import task
from textual import events

from app.test_panes import LONG
from tui.app.input_order import TYPING_SECONDS
from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.dialogs.note import NoteScreen
from tui.catalogue.rubric import Level

LETTERS = (
    Level(label="wrong", key="w", value=0.0, anchor="not as asked"),
    Level(label="right", key="d", value=1.0, anchor="as asked"),
)


async def sent(bench, *characters):
    """As they arrive from a terminal; a full-width character has no name of its own there."""
    for character in characters:
        bench.app.post_message(events.Key(character, character))
        await bench.pilot.pause()


async def test_full_width_digits_are_digits(start):
    async with start() as bench:
        await bench.answered()
        await sent(bench, "３", "１")
        assert bench.labels() == ["pass", "fail", None, None]


async def test_with_caps_lock_keys_and_letters_of_levels_go_on(start):
    async with start(tasks=(task("code", levels=LETTERS),)) as bench:
        await bench.answered()
        await sent(bench, "D", "Ｗ")
        assert bench.labels() == ["right", "wrong", None, None]
        await sent(bench, "L")
        assert bench.board.current == 3


async def test_a_capital_with_a_meaning_of_its_own_is_not_its_small_letter(start):
    async with start(lambda _: [LONG], keys={"copy": "J"}) as bench:
        await bench.answered()
        await sent(bench, "G")
        assert bench.board.pane.border_subtitle == ""
        top = bench.board.pane.scroller().scroll_offset.y
        await sent(bench, "J")
        assert bench.board.pane.scroller().scroll_offset.y == top > 0


async def test_backspace_undoes(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("3", "backspace")
        assert bench.labels() == [None] * 4


async def test_half_a_page_down_and_up(start):
    async with start(lambda _: [LONG], count=1) as bench:
        await bench.answered()
        rows = bench.board.pane.rows_in_view
        await bench.press("ctrl+d")
        assert bench.board.pane.scroller().scroll_offset.y == rows // 2
        await bench.press("ctrl+u")
        assert bench.board.pane.scroller().scroll_offset.y == 0


async def test_what_follows_a_refused_note_is_no_command(start):
    async with start(lambda _: ["x", asyncio.Event()]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("n", *"quite good, see ]", "enter")
        assert bench.app.is_running
        assert not isinstance(bench.app.screen, ConfirmScreen | NoteScreen)
        assert (bench.session.place, bench.board.current) == (0, 0)
        await bench.shows("ignored until you pause")
        await bench.press("l")
        assert bench.board.current == 1


async def test_after_a_pause_keys_are_commands_again(start):
    async with start(lambda _: ["x", asyncio.Event()]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("n", "l")
        assert bench.board.current == 0
        late = events.Key("l", "l")
        late.time += TYPING_SECONDS
        bench.app.post_message(late)
        await bench.until(lambda: bench.board.current == 1)


@pytest.mark.parametrize("key", ["enter", "n", "escape"])
async def test_only_y_leaves_while_answers_are_written(start, key):
    async with start(lambda _: ["x", asyncio.Event()], count=1) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("q", key)
        assert bench.app.return_code is None
        await bench.until(lambda: bench.screen)
        await bench.press("q")
        await bench.quits("y")


async def test_in_the_list_escape_leads_back_and_says_so(start):
    async with start(size=(200, 50)) as bench:
        await bench.answered()
        await bench.press("o")
        await bench.shows("esc Back")
        await bench.press("escape")
        await bench.until(lambda: "esc" not in bench.text())


@pytest.mark.parametrize("width", [46, 60, 80, 100, 123])
async def test_the_line_of_keys_has_whole_keys_and_always_help(start, width):
    async with start(size=(width, 24)) as bench:
        await bench.answered()
        bench.screen.refresh_bindings()
        await bench.pilot.resize_terminal(width + 1, 24)
        await bench.until(lambda: "? Help" in bench.text().splitlines()[-1])
        line = bench.text().splitlines()[-1]
        words = {"space Skip", "u Undo", "n Note", "tab Next", "r Run", "] Next prompt", "? Help", "q Quit"}
        words |= {"m Models", "i Details", "o Prompts", "e Write", "x Flag", "H History"}
        rest = line
        for each in words:
            rest = rest.replace(each, "", 1)
        assert not rest.strip()


async def test_where_a_program_cannot_be_suspended_ctrl_z_says_so(start):
    async with start() as bench:
        await bench.press("ctrl+z")
        await bench.shows("cannot suspend")
