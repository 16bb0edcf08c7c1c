from __future__ import annotations

import asyncio

import pytest
from making import task
from textual.widgets._footer import FooterKey

from tui.app.screens.main.pane import Pane
from tui.app.screens.main.prompt_list import PromptList
from tui.catalogue.rubric import Level
from tui.catalogue.task import Prompt


def regions(bench):
    return [pane.region for pane in bench.screen.query(Pane) if pane.region.width]


async def test_under_100_columns_one_pane_at_a_time_with_tabs(start):
    async with start(size=(80, 24)) as bench:
        assert len(regions(bench)) == 1
        assert bench.screen.query_one("#tabs").region.width == 80
        await bench.press("tab")
        assert bench.board.pane.region.width == 80


async def test_from_100_columns_a_grid_of_two_by_two(start):
    async with start(size=(120, 36)) as bench:
        found = regions(bench)
        assert len({region.x for region in found}) == 2
        assert len({region.y for region in found}) == 2


async def test_from_180_columns_all_side_by_side(start):
    async with start(size=(200, 50)) as bench:
        found = regions(bench)
        assert len({region.x for region in found}) == 4
        assert len({region.y for region in found}) == 1


async def test_any_pane_can_be_maximised_and_grading_goes_on_there(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("tab", "z")
        assert [pane.position for pane in bench.screen.query(Pane) if pane.region.width] == [2]
        await bench.press("3")
        assert [pane.position for pane in bench.screen.query(Pane) if pane.region.width] == [3]
        await bench.press("escape")
        assert len(regions(bench)) == 4


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_the_grading_keys_are_always_in_sight(start, size):
    async with start(size=size) as bench:
        await bench.answered()
        text = bench.text()
        for level in (
            "1  fail",
            "2  partial",
            "3  pass",
            "space Skip",
            "u Undo",
            "n Note",
            "r Run",
            "q Quit",
        ):
            assert level in text


async def test_what_a_newcomer_needs_is_in_sight_in_80_columns_also_while_answers_are_written(start):
    gate = asyncio.Event()
    async with start(
        lambda request: ["x", gate] if request.instruction == "do code 2" else ["x"], size=(80, 24)
    ) as bench:
        needed = ["tab Next", "r Run", "] Next prompt", "? Help", "q Quit"]
        assert all(words in bench.text() for words in needed)
        await bench.answered()
        await bench.press("]", "r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("[")
        await bench.shows(" Stop")
        assert all(words in bench.text() for words in ["space Skip", "u Undo", "n Note", *needed])
        gate.set()


async def test_in_a_narrow_terminal_the_list_of_prompts_is_one_key_away(start):
    async with start(size=(80, 24)) as bench:
        prompts = bench.screen.query_one(PromptList)
        assert not prompts.region.width
        await bench.press("o")
        assert prompts.region.width
        await bench.press("j", "enter")
        assert bench.session.place == 1
        assert not prompts.region.width


async def test_a_storm_of_resizes_keeps_answers_and_focus(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("tab")
        for width, height in [
            (10, 3),
            (200, 50),
            (1, 1),
            (99, 24),
            (100, 24),
            (180, 60),
            (79, 10),
            (120, 36),
        ]:
            await bench.pilot.resize_terminal(width, height)
        await bench.pilot.pause()
        assert bench.board.current == 1
        assert bench.text().count("Hello") == 4


async def test_marks_say_what_is_answered_and_how_it_was_graded(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("1", "2", "3")
        line = next(line for line in bench.text().splitlines() if "1 code 1" in line)
        assert "✗~✓○" in line
        assert "graded 3 of 12" in bench.text()


async def test_with_no_model_the_screen_says_what_to_do(start):
    async with start(count=0) as bench:
        text = bench.text()
        for way in ("llm-grader demo", "llm-grader -m", "llm-grader pull", "--models-file"):
            assert way in text
        assert "q Quit" in text
        await bench.press(
            "r", "3", "u", "n", "space", "z", "i", "tab", "h", "right_square_bracket", "y", "v", "R"
        )
        await bench.quits("q")


async def test_help_lists_every_key_of_the_screen(start):
    async with start(size=(120, 80)) as bench:
        await bench.answered()
        await bench.press("?")
        text = bench.text()
        for words in (
            "Grade: pass",
            "Skip",
            "Undo",
            "Note",
            "Maximise",
            "Copy",
            "Run again",
            "Markdown",
            "Quit",
        ):
            assert words in text
        assert "answered, not graded" in text


async def test_every_action_is_in_the_command_palette(start):
    async with start() as bench:
        await bench.answered()
        commands = {command.title for command in bench.app.get_system_commands(bench.app.screen)}
        assert {"Skip", "Undo", "Note", "Run", "Run again", "Copy", "Maximise", "Light or dark"} <= commands


async def test_the_theme_chosen_is_kept_between_starts(start):
    async with start() as bench:
        bench.app.action_light_dark()
        await bench.pilot.pause()
        assert bench.app.theme == "textual-light"
    async with start() as bench:
        assert bench.app.theme == "textual-light"


async def test_a_bad_theme_never_stops_the_app(start):
    async with start(theme="no-such-theme") as bench:
        assert bench.app.theme == "textual-dark"
        await bench.shows("no-such-theme")


async def test_keys_can_be_changed_by_their_name(start):
    async with start(keys={"skip": "s"}) as bench:
        await bench.answered()
        await bench.press("s")
        assert bench.store.judgements.events()[0].kind == "skip"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_a_prompt_too_long_for_its_bar_says_where_all_of_it_is(start, size):
    long = task("long", 1, prompts=(Prompt(number=1, title="long", text="many words " * 200 + "END"),))
    async with start(size=size, tasks=(long,)) as bench:
        await bench.answered()
        assert "… (i: all of it)" in bench.text()
        assert "END" not in bench.text()
        await bench.press("i", "end")
        await bench.shows("END")


async def test_the_line_of_keys_is_made_anew_only_where_other_keys_can_be_pressed(start):
    async with start(size=(240, 50)) as bench:
        before = list(bench.screen.query(FooterKey))
        await bench.answered()
        answered = list(bench.screen.query(FooterKey))
        assert len(answered) == len(before) + 3  # Skip, Note and Flag
        await bench.press("tab", "3")
        assert list(bench.screen.query(FooterKey)) == answered
        await bench.press("z")  # Escape leads back
        assert len(bench.screen.query(FooterKey)) == len(answered) + 1
        await bench.press("escape")
        assert len(bench.screen.query(FooterKey)) == len(answered)
        await bench.press("right_square_bracket")
        assert len(bench.screen.query(FooterKey)) == len(before)


async def test_the_names_of_ten_levels_are_in_sight_in_80_columns(start):
    names = ["none", "poor", "weak", "meagre", "fair", "average", "decent", "good", "excellent", "perfect"]
    levels = tuple(
        Level(label=name, value=place / 9, anchor=f"what earns {name}") for place, name in enumerate(names)
    )
    async with start(size=(80, 24), tasks=(task("code", levels=levels),)) as bench:
        for name in names:
            await bench.shows(f" {name} ")
        await bench.answered()
        await bench.press("0")
        assert bench.labels()[0] == "perfect"
