"""What was written is what is shown."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.style import Style
from terminal.hostile_answers import ANSWERS
from textual.app import App, ComposeResult

from tui.app.terminal.frames import harmless_strip
from tui.app.widgets.answer_markdown import AnswerMarkdown
from tui.app.widgets.stream_text import StreamText
from tui.app.written.inline import KINDS, painted
from tui.app.written.laid_out import fits_markdown
from tui.app.written.markup import MarkupStyles
from tui.app.written.rows import Rows
from tui.text import STEERING, safe

PIECES = [
    *(
        "# a *title*\n",
        "**bold** `code` _x_ ",
        "```python\n",
        "```\n",
        "    def __init__(self):\n",
        "> q\n",
        "- a\n",
    ),
    *(
        "3. b\n",
        "2*3*4",
        "\\(a\\)",
        "| a | b |\n|---|---|\n",
        "\t",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "漢字かな",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
    ),
    *(
        "e\u0301\u0327",
        "می‌خواهم",
        "क्‍ष",
        "1️⃣",
        "\x1b[31m",
        "\x9b2J",
        "\u202e",
        "\ud83d",
        "\u200b",
        "x" * 90,
        "<b>&amp;",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=30).map("".join)
STYLES = {kind: Style() for kind in KINDS}


def shown(rows):
    """The characters that can be seen, in their order."""
    return re.sub(r"\s", "", "".join(rows))


def in_pieces(text, cuts):
    """Never between CR and LF, which the widget waits for."""
    places = sorted(
        {cut % (len(text) + 1) for cut in cuts} - {m.start() + 1 for m in re.finditer("\r", text)}
    )
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


@given(TEXTS, st.integers(2, 100))
@settings(max_examples=300)
def test_every_character_is_in_its_place_at_every_width(text, width):
    rows = Rows(width)
    rows.append(text)
    lines = ["".join(rows.rows[rows.first_row(n) : rows.first_row(n + 1)]) for n in range(rows.line_count)]
    written = safe(text).split("\n")
    assert [shown(line) for line in lines] == [shown(line) for line in written]
    assert [line for line, raw in zip(lines, written, strict=True) if "\t" not in raw] == [
        raw for raw in written if "\t" not in raw
    ]


@given(TEXTS, st.lists(st.integers(0, 10_000), max_size=8), st.integers(2, 60))
@settings(max_examples=300)
def test_text_that_comes_in_any_pieces_is_the_same_rows_with_the_same_style(text, cuts, width):
    whole, pieces = Rows(width), Rows(width)
    whole.append(text)
    for piece in in_pieces(text, cuts):
        pieces.append(piece)
    assert pieces.rows == whole.rows
    assert [pieces.first_row(n) for n in range(whole.line_count)] == [
        whole.first_row(n) for n in range(whole.line_count)
    ]


@given(TEXTS)
@settings(max_examples=200)
def test_style_lies_on_characters_that_are_there(text):
    styles = MarkupStyles()
    for number, line in enumerate(safe(text).split("\n")):
        growing = styles.spans(number, line)
        styles.add(line)
        assert styles.spans(number, line) == growing
        assert all(0 <= start <= end <= len(line) for start, end, _ in growing)
        assert len(painted(line, growing)) in (0, len(line))


class Stage(App[None]):
    CSS = "StreamText, AnswerMarkdown { width: 40; height: 12; }"

    def compose(self) -> ComposeResult:
        yield StreamText()
        yield AnswerMarkdown()


@pytest.fixture
async def stage():
    app = Stage()
    async with app.run_test(size=(80, 30)) as pilot:
        yield app, pilot


async def settled(widget):
    while widget._working:
        await asyncio.sleep(0.01)


def all_strips(widget):
    widget.base_style()
    return [widget._strip(row) for row in range(widget.row_count)]


@given(text=TEXTS, width=st.integers(4, 60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_strips_of_the_widget_hold_every_character_and_fit(text, width):
    async def draw():
        async with Stage().run_test(size=(80, 30)) as pilot:
            widget = pilot.app.query_one(StreamText)
            widget.styles.width = width
            await pilot.pause()
            widget.show(text)
            await settled(widget)
            return widget.size.width, all_strips(widget)

    size, strips = asyncio.run(draw())
    assert shown(strip.text for strip in strips) == (shown([safe(text)]) if text else "")
    assert all(strip.cell_length == size for strip in strips)


async def test_nothing_of_any_hostile_answer_steers_in_either_view(stage):
    app, _ = stage
    written, laid_out = app.query_one(StreamText), app.query_one(AnswerMarkdown)
    for name, text in ANSWERS.items():
        written.show(text)
        await settled(written)
        strips = all_strips(written)
        assert shown(strip.text for strip in strips) == shown([safe(text)]), name
        if fits_markdown(text):
            laid_out.lay_out(text, 40)
            while laid_out._is_working:
                await asyncio.sleep(0.001)
            strips += laid_out._strips
        for strip in strips:
            assert not STEERING.search(strip.text), name
            assert harmless_strip(strip) is strip, name


async def test_a_pane_with_no_room_for_its_text_has_no_visible_rows(stage):
    app, pilot = stage
    widget = app.query_one(StreamText)
    widget.show("line\n" * 4 + "last")
    await pilot.pause()
    assert widget.visible_rows == 5
    widget.show("line\n" * 40)
    await pilot.pause()
    assert widget.visible_rows == 12
    widget.styles.height = 0
    await pilot.pause()
    assert widget.visible_rows == 0
    widget.styles.height = 12
    widget.display = False
    await pilot.pause()
    assert widget.visible_rows == 0


CODE = """# Title
Text with `code` and **bold**.
```python
def f(x):  # why
    return "s" + 1
```
- item
"""


def luminance(colour):
    channels = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


@pytest.mark.parametrize(
    "theme", ["textual-dark", "textual-light", "gruvbox", "atom-one-light", "solarized-light"]
)
async def test_every_style_can_be_read_in_the_dark_and_the_light_theme(stage, theme):
    app, pilot = stage
    app.theme = theme
    await pilot.pause()
    widget = app.query_one(StreamText)
    widget.base_style()
    for kind in KINDS:
        style = widget.style_of((kind,))
        bright, dark = sorted(
            (luminance(each.get_truecolor()) for each in (style.color, style.bgcolor)), reverse=True
        )
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, kind


async def test_headings_code_and_markers_have_a_style_of_their_own(stage):
    app, pilot = stage
    widget = app.query_one(StreamText)
    widget.show(CODE)
    await pilot.pause()
    widget.base_style()

    def style(text):
        segments = [segment for strip in all_strips(widget) for segment in strip]
        return next(segment.style for segment in segments if segment.text == text)

    assert style(" Title") == widget.style_of(("heading",))
    assert style("code") == widget.style_of(("code",))
    assert style("bold") == widget.style_of(("strong",))
    assert style("```python") == style("-") == widget.style_of(("marker",))
    assert style("def") == widget.style_of(("keyword",))
    assert style('"s"') == widget.style_of(("string",))
    assert style("# why") == widget.style_of(("comment",))


async def test_another_theme_colours_the_styles_too(stage):
    app, pilot = stage
    widget = app.query_one(StreamText)
    widget.show(CODE)
    await pilot.pause()
    before = [segment.style for strip in widget.render_lines(widget.size.region) for segment in strip]
    app.theme = "textual-light"
    await pilot.pause()
    after = [segment.style for strip in widget.render_lines(widget.size.region) for segment in strip]
    assert not set(before) & set(after)


async def test_what_proves_to_be_emphasis_is_drawn_anew_where_it_began(stage):
    app, pilot = stage
    text = "a **" + "word " * 20 + "end** b\n```python\nx = 'a'\n"
    grown, whole = app.query_one(StreamText), StreamText()
    for end in range(1, len(text) + 1, 3):
        grown.show(text[:end], follow=True)
        grown.render_lines(grown.size.region)
    grown.show(text)
    await app.mount(whole)
    whole.show(text)
    await pilot.pause()
    assert [list(strip) for strip in grown.render_lines(grown.size.region)] == [
        list(strip) for strip in whole.render_lines(whole.size.region)
    ]
