"""Two answers beside each other, with what differs marked."""

from __future__ import annotations

import pytest

from tui.app.screens.main.pane import Pane
from tui.app.written.differing import MOST_LINES, MOST_WORDS, differences
from tui.engines.scripted import Script

ONE = "The cat sat\non the mat.\n\nIt slept."
OTHER = "The dog sat\non the mat.\n\nIt  slept well."
LONG = "\n".join(f"line {number}" for number in range(1, 81))
SIZES = pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])


def answers(request):
    return [{"1": ONE, "2": OTHER, "3": ONE}.get(request.system, LONG)]


def shown(bench):
    return [pane for pane in bench.screen.query(Pane) if pane.region.width]


def underlined(bench):
    return [
        segment.text
        for strip in bench.app.screen._compositor.render_strips()
        for segment in strip
        if segment.style and segment.style.underline and segment.style.bold and segment.text.strip()
    ]


def marked(text, marks):
    lines = text.split("\n")
    return [lines[line][span.start : span.end] for line in sorted(marks) for span in marks[line]]


async def compared(bench):
    await bench.answered()
    await bench.press("Z")
    await bench.until(lambda: bench.screen.comparing._found)
    await bench.pilot.pause()


def test_words_that_the_other_text_does_not_have_are_marked_and_nothing_is_moved():
    found = differences(ONE, OTHER)
    assert marked(ONE, found.one) == ["cat"]
    assert marked(OTHER, found.other) == ["dog", "well"]
    assert found.by == "words"


@pytest.mark.parametrize(
    ("count", "by"), [(MOST_WORDS, "words"), (MOST_LINES * 2, "lines"), (MOST_LINES * 20, "")]
)
def test_longer_texts_are_compared_by_lines_and_still_longer_ones_not_at_all(count, by):
    words = [f"w{number % 97}" for number in range(count)]
    rows = 1 if by == "words" else 10 if by == "lines" else 1
    text = "\n".join(" ".join(words[start : start + rows]) for start in range(0, count, rows))
    found = differences(text, f"{text[:-1]}é")
    assert found.by == by
    assert bool(found.one) == bool(by)


@SIZES
async def test_two_answers_are_alone_on_the_screen_with_the_words_that_differ_underlined(start, size):
    async with start(answers, size=size) as bench:
        await compared(bench)
        panes = shown(bench)
        assert [pane.position for pane in panes] == [1, 2]
        is_wide = size[0] >= 100
        assert len({pane.region.y for pane in panes}) == (1 if is_wide else 2)
        assert not bench.screen.query_one("#prompts").region.width
        assert sorted(underlined(bench)) == ["cat", "dog", "well"]
        assert "A and B: underlined words differ" in bench.text()
        assert panes[1].scroller().text == OTHER


async def test_tab_moves_the_second_and_grading_goes_on(start):
    async with start(answers) as bench:
        await compared(bench)
        await bench.press("tab")
        assert [pane.position for pane in shown(bench)] == [1, 3]
        await bench.until(lambda: bench.screen.comparing._found)
        await bench.pilot.pause()
        assert underlined(bench) == []
        await bench.press("shift+tab", "shift+tab")
        assert [pane.position for pane in shown(bench)] == [1, 4]
        await bench.press("3")
        assert bench.labels() == ["pass", None, None, None]
        assert (bench.board.current, len(shown(bench))) == (1, 2)


async def test_escape_leads_back_and_nothing_stays_marked(start):
    async with start(answers) as bench:
        await compared(bench)
        await bench.press("escape")
        await bench.until(lambda: not underlined(bench))
        assert len(shown(bench)) == 4
        await bench.press("Z", "z")
        assert len(shown(bench)) == 1


async def test_both_scroll_together_if_asked(start):
    async with start(lambda _: [LONG]) as bench:
        await compared(bench)
        first, second = shown(bench)
        await bench.press("pagedown")
        await bench.until(lambda: first.scroller().scroll_y)
        assert not second.scroller().scroll_y
        await bench.press("home", "c", "pagedown")
        await bench.until(lambda: first.scroller().scroll_y == second.scroller().scroll_y > 0)
        await bench.shows("both scroll")


async def test_one_answer_has_nothing_to_be_compared_with(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("Z")
        await bench.shows("nothing to compare")
        assert not bench.screen.comparing.is_on


async def test_a_failed_answer_which_has_other_words_before_it_is_not_marked(start):
    script = {"1": [ONE], "2": Script([OTHER], error="out of memory")}
    async with start(lambda request: script[request.system], count=2) as bench:
        await bench.answered()
        await bench.press("Z")
        await bench.shows("no two answers to compare yet")
        assert underlined(bench) == []
