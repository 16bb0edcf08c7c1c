"""What has no room is not shown in part, and what is not shown cannot be judged."""

from __future__ import annotations

import pytest
from making import task
from rich.cells import cell_len

from tui.app.screens.main.pane import Pane
from tui.app.screens.main.prompt_list import PromptList
from tui.catalogue.task import Prompt


@pytest.mark.parametrize(("count", "size"), [(40, (140, 40)), (8, (100, 24)), (9, (120, 36))])
async def test_panes_without_room_for_text_are_shown_one_at_a_time(start, count, size):
    async with start(lambda _: ["Hello\n" + "and more\n" * 8], count=count, size=size) as bench:
        await bench.answered()
        assert bench.text().count("Hello") == 1
        assert bench.board.pane.rows_in_view >= 4
        await bench.press("tab", "3")
        assert bench.labels()[:3] == [None, "pass", None]
        assert bench.board.pane.rows_in_view >= 4


@pytest.mark.parametrize(("height", "at_once"), [(29, 4), (28, 1)])
async def test_below_six_rows_of_text_there_is_one_pane_and_the_way_to_the_others(start, height, at_once):
    tasks = (task("code", prompts=(Prompt(number=1, title="one", text="many words " * 60, expected="x"),)),)
    async with start(size=(120, height), tasks=tasks) as bench:
        await bench.answered()
        in_view = [pane for pane in bench.screen.query(Pane) if pane.rows_in_view]
        texts = {pane.scroller().scrollable_content_region.height for pane in in_view}
        assert (len(in_view), "tab: others" in bench.text()) == (at_once, at_once == 1), texts
        assert min(texts) >= 6


async def test_in_a_larger_terminal_they_are_side_by_side_again(start):
    async with start(count=8, size=(100, 24)) as bench:
        await bench.answered()
        await bench.pilot.resize_terminal(200, 60)
        await bench.until(lambda: bench.text().count("Hello") == 8)


@pytest.mark.parametrize("size", [(100, 9), (60, 7), (12, 24), (30, 4), (1, 1)])
async def test_an_answer_of_which_nothing_is_in_view_cannot_be_judged(start, size):
    async with start(count=2) as bench:
        await bench.answered()
        await bench.pilot.resize_terminal(*size)
        await bench.pilot.pause()
        assert not bench.board.pane.rows_in_view
        await bench.press("3", "space")
        assert bench.store.judgements.events() == []
        await bench.pilot.resize_terminal(120, 36)
        await bench.shows("Nothing of this answer is in view")
        await bench.until(lambda: bench.text().count("Hello") == 2)
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        assert bench.labels() == ["pass", None]


@pytest.mark.parametrize("size", [(100, 9), (60, 7)])
async def test_a_terminal_that_is_too_small_says_so(start, size):
    async with start(size=size) as bench:
        await bench.shows("too small")
        await bench.pilot.resize_terminal(120, 36)
        await bench.until(lambda: "too small" not in bench.text())


@pytest.mark.parametrize("count", [1, 4, 17, 28, 29, 40])
async def test_a_line_of_the_list_of_prompts_holds_title_and_marks_however_many(start, count):
    titles = ("漢字かな交じり文" * 5, "a long title of many words " * 3, "e\u0301" * 60, "short")
    prompts = tuple(Prompt(number=n, title=titles[n % 4], text=f"do {n}") for n in range(1, 61))
    async with start(count=count, tasks=(task("many " * 20, prompts=prompts),), size=(140, 30)) as bench:
        listed = bench.screen.query_one(PromptList)
        assert len(listed.lines if hasattr(listed, "lines") else listed._lines) == 61
        assert listed.show_vertical_scrollbar
        await bench.until(lambda: listed._room == listed._width and bench.stage.listing.is_read)
        await bench.pilot.pause()
        rows = [line.split("│")[1] for line in bench.text().splitlines() if line.startswith("│")]
        marks = "·" * count if count <= 17 else f"0/{count}"
        assert all(row[:-1].endswith(marks) for row in rows[1:])
        assert {cell_len(row) for row in rows} == {30}


async def test_of_many_tabs_those_near_the_current_one_can_be_read(start):
    async with start(count=40, size=(80, 24)) as bench:
        await bench.answered()
        await bench.press("shift+tab")
        assert bench.board.current == 39
        assert "AN ○ Model" in bench.text()
        assert bench.screen.query(Pane).last().rows_in_view


async def test_to_go_to_the_next_pane_costs_no_more_with_many_models(start, monkeypatch):
    styled = {}
    for count in (10, 40):
        async with start(count=count, size=(140, 40)) as bench:
            await bench.answered()
            await bench.press("tab")
            applied = []
            apply = bench.app.stylesheet.apply

            def noted(node, *arguments, applied=applied, apply=apply, **options):
                applied.append(node)
                apply(node, *arguments, **options)

            monkeypatch.setattr(bench.app.stylesheet, "apply", noted)
            await bench.press("tab")
            styled[count] = len(applied)
    assert styled[40] < 1.5 * styled[10], styled


async def test_a_mark_drawn_before_the_list_hears_of_its_new_size_leaves_no_other_line_as_it_was(
    start, monkeypatch
):
    async with start(tasks=(task("a long title", 3),), size=(140, 30)) as bench:
        prompts = bench.stage.listing.list
        monkeypatch.setattr(type(prompts), "_room", 9)
        prompts.set_marks(0, (("✓", ""),))
        prompts._fit()
        assert all(option.prompt.cell_length <= 9 for option in prompts.options)
