from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tui.app.widgets.stream_text import StreamText
from tui.app.wrapping import wrap

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=200)


class Stage(App[None]):
    CSS = "StreamText { width: 30; height: 8; }"

    def compose(self) -> ComposeResult:
        yield StreamText()


@pytest.fixture
async def stage():
    app = Stage()
    async with app.run_test(size=(40, 12)) as pilot:
        yield app.query_one(StreamText), pilot


@given(LINES, st.integers(2, 60))
def test_rows_joined_are_the_line_and_none_is_too_wide(line, width):
    rows = wrap(line, width)
    assert "".join(rows) == line
    assert all(cell_len(row.rstrip(" ")) <= width for row in rows)


@given(LINES, LINES, st.integers(2, 60))
def test_wrapping_goes_on_from_the_last_row_as_if_it_had_never_stopped(first, second, width):
    *settled, tail = wrap(first, width)
    assert "".join(settled + wrap(tail + second, width)) == first + second


def test_words_stay_whole_where_they_fit():
    assert wrap("a list to print the multiples", 12) == ["a list to ", "print the ", "multiples"]


async def test_the_view_follows_the_end_until_the_person_scrolls_up_and_again_at_the_end(stage):
    widget, pilot = stage
    text = ""
    for number in range(30):
        text += f"line {number}\n"
        widget.show(text, follow=True)
        await pilot.pause()
    assert widget.is_vertical_scroll_end
    widget.scroll_to(y=3, animate=False)
    await pilot.pause()
    widget.show(text + "more\n" * 5, follow=True)
    await pilot.pause()
    assert widget.scroll_y == 3
    widget.scroll_end(animate=False)
    await pilot.pause()
    widget.show(text + "more\n" * 9, follow=True)
    await pilot.pause()
    assert widget.is_vertical_scroll_end


async def test_no_column_is_lost_when_the_scrollbar_comes(stage):
    widget, pilot = stage
    text = ""
    for number in range(12):
        text += f"{number:02} " + "x" * 24 + " y\n"
        widget.show(text, follow=True)
        await pilot.pause()
    shown = [widget.render_line(y).text for y in range(8)]
    assert sum(row.rstrip().endswith("y") for row in shown) >= 4


async def test_text_that_replaces_another_is_shown_from_its_top(stage):
    widget, pilot = stage
    widget.show("old\n" * 40, follow=True)
    await pilot.pause()
    widget.show("new first line\n" + "new\n" * 40)
    await pilot.pause()
    assert widget.scroll_y == 0
    assert widget.render_line(0).text.startswith("new first line")


async def test_a_sequence_split_between_two_deltas_is_made_safe(stage):
    widget, pilot = stage
    for end in range(1, 15):
        widget.show("ab\x1b]52;c;x\x07\r\nc"[:end])
    await pilot.pause()
    assert widget._rows.rows[0] == "ab\ufffd]52;c;x\ufffd"
    assert widget._rows.rows[1] == "c"


def on_screen(app: App[None]) -> list[str]:
    """The rows, without their scrollbar."""
    return [strip.crop(0, 28).text for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("seed", range(6))
async def test_text_that_came_in_pieces_looks_like_text_that_came_whole(seed):
    chance = random.Random(seed)
    words = ["a", "word", "longer words", "\n", "\n\n", "    code", "\t", "世界", "x" * 40, ", ", " "]
    text = "".join(chance.choices(words, k=90))
    pieces, whole = Stage(), Stage()
    async with pieces.run_test(size=(40, 12)) as pilot:
        shown = 0
        while shown < len(text):
            shown += chance.randint(1, 30)
            pieces.query_one(StreamText).show(text[:shown], follow=True)
            await pilot.pause()
        grown = on_screen(pieces)
    async with whole.run_test(size=(40, 12)) as pilot:
        whole.query_one(StreamText).show(text, follow=True)
        await pilot.pause()
        await pilot.pause()
        assert grown == on_screen(whole)


async def test_a_row_more_moves_nothing_beside_it(stage):
    widget, pilot = stage
    for number in range(20):
        widget.show("line\n" * number, follow=True)
        await pilot.pause()
    layouts = []
    widget.screen.screen_layout_refresh_signal.subscribe(widget, layouts.append)
    widget.show("line\n" * 20 + "more", follow=True)
    await pilot.pause()
    assert on_screen(widget.app)[7].startswith("more")
    assert layouts == []


async def test_text_that_grew_while_it_was_hidden_is_wrapped_as_if_it_had_not_been(stage):
    widget, pilot = stage
    text = "".join(f"{number:02} " + "x" * 24 + " y\n" for number in range(12))
    widget.show(text[:60], follow=True)
    await pilot.pause()
    widget.display = False
    await pilot.pause()
    widget.show(text, follow=True)
    widget.display = True
    await pilot.pause()
    await pilot.pause()
    assert not widget.show_horizontal_scrollbar
    rows = on_screen(widget.app)
    widget.show("")
    widget.show(text, follow=True)
    await pilot.pause()
    await pilot.pause()
    assert on_screen(widget.app) == rows


async def test_the_view_follows_on_after_a_resize(stage):
    widget, pilot = stage
    widget.show("line\n" * 40, follow=True)
    await pilot.pause()
    widget.styles.width = 20
    await pilot.pause()
    await pilot.pause()
    assert widget.is_vertical_scroll_end
    widget.show("line\n" * 60 + "last", follow=True)
    await pilot.pause()
    assert widget.is_vertical_scroll_end


async def test_another_theme_colours_all_rows(stage):
    widget, pilot = stage
    widget.show("line\n" * 5)
    await pilot.pause()
    before = widget.render_lines(widget.size.region)[0]
    widget.app.theme = "textual-light"
    await pilot.pause()
    after = widget.render_lines(widget.size.region)[0]
    assert [segment.style for segment in after] != [segment.style for segment in before]
    assert after.text == before.text


async def test_code_is_wrapped_anew_for_another_width(stage):
    widget, pilot = stage
    widget.show("```python\ndef f(number):\n    return number + 1\n```\n")
    await pilot.pause()
    for width in (12, 25, 8, 30):
        widget.styles.width = width
        await pilot.pause()
    assert widget.render_line(1).text.rstrip() == "def f(number):"
