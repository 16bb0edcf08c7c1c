"""The second view shows all of an answer in the width there is, or the first one stays and says so."""

from __future__ import annotations

import threading

import pytest
from rich.style import Style

from tui import paths
from tui.app.widgets import answer_markdown
from tui.app.written.inline import KINDS
from tui.app.written.laid_out import lay_out

STYLES = {kind: Style() for kind in KINDS}
TABLE = "| a_long_name | another_one |\n|---|---|\n| compute_everything | a_dictionary_of_results |"


@pytest.fixture
def laid_out(monkeypatch):
    """The text and the width of all that was laid out."""
    asked = []
    lay_out = answer_markdown.lay_out

    def noted(raw, width, styles):
        asked.append((raw, width))
        return lay_out(raw, width, styles)

    monkeypatch.setattr(answer_markdown, "lay_out", noted)
    return asked


async def test_an_answer_is_laid_out_once_in_the_width_in_which_it_is_shown(start, laid_out):
    async with start(lambda request: [f"# *{request.instruction}*"], count=2) as bench:
        await bench.answered()
        await bench.press("]")
        await bench.answered()
        await bench.press("v")
        await bench.until(lambda: bench.text().count("Markdown · ") == 2)
        await bench.press("[")
        await bench.until(lambda: bench.text().count("do code 1 ") == 3)
        width = bench.board.pane.scroller().scrollable_content_region.width
        assert laid_out == [(f"# *do code {number}*", width) for number in (2, 2, 1, 1)]


async def test_what_does_not_fit_is_as_written_and_laid_out_in_a_wider_terminal(start):
    async with start(lambda _: [TABLE], count=1, size=(100, 36)) as bench:
        await bench.answered()
        await bench.press("v")
        await bench.shows("Markdown · ")
        assert "|---|---|" not in bench.text()
        await bench.pilot.resize_terminal(42, 36)
        await bench.shows("as written: not all of it")
        await bench.shows("|---|---|")
        await bench.pilot.resize_terminal(100, 36)
        await bench.shows("Markdown · ")
        await bench.until(lambda: "|---|---|" not in bench.text())


async def test_a_mistake_while_laying_out_leaves_the_answer_as_written_says_so_and_is_logged(
    start, monkeypatch
):
    def fails(*_):
        raise KeyError("of a parser")

    monkeypatch.setattr(answer_markdown, "lay_out", fails)
    async with start(lambda _: ["# *A title*"], count=1) as bench:
        await bench.answered()
        await bench.press("v")
        await bench.shows("as written: not all of it")
        assert "# *A title*" in bench.text()
        await bench.press("3")
        assert bench.labels() == [None]  # the next prompt's
        assert [event.level for event in bench.store.judgements.events()] == ["pass"]
    assert "of a parser" in (paths.log_dir() / "errors.log").read_text()


async def test_to_and_fro_while_it_is_laid_out_and_the_terminal_changes_lays_out_what_is_wanted_last(
    start, monkeypatch
):
    gate, asked = threading.Event(), []
    lay_out = answer_markdown.lay_out

    def held(raw, width, styles):
        asked.append(width)
        gate.wait()
        return lay_out(raw, width, styles)

    monkeypatch.setattr(answer_markdown, "lay_out", held)
    async with start(lambda _: ["# *A title*"], count=1) as bench:
        await bench.answered()
        await bench.press("v")
        await bench.until(lambda: asked)
        for columns in (60, 70, 80, 90, 110, 100):
            await bench.pilot.resize_terminal(columns, 36)
            await bench.press("v", "v")
        assert "# *A title*" in bench.text()
        assert "Markdown · " not in bench.text()
        gate.set()
        await bench.shows("Markdown · ")
        await bench.until(lambda: "# *A title*" not in bench.text())
        assert asked == [asked[0], bench.board.pane.scroller().scrollable_content_region.width]
        await bench.press("v")
        await bench.shows("# *A title*")


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("| a_long_name | another_one |\n|---|---|\n| compute_everything | a_dictionary |", 24),
        ("".join("  " * n + f"- item {n}\n" for n in range(12)), 30),
        ("> " * 8 + "quoted words", 14),
        ("word " * 3, 8),
    ],
)
def test_markdown_that_would_lose_characters_for_want_of_room_is_not_laid_out(text, width):
    assert lay_out(text, width, STYLES) is None
    assert lay_out(text, 100, STYLES)
