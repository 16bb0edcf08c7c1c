"""All text can be read in both themes: at least 4.5:1, and 3:1 for the frame of the current pane."""

from __future__ import annotations

import asyncio

import pytest
from making import task
from rich.color import ColorType
from textual.color import Color
from textual.filter import dim_color
from weights.quick import model_of

from app.fetching import ScriptedFetch
from app.test_panes import LONG
from app.test_results import given, opened
from tui.app.app import DEFAULT_THEME, LIGHT_THEME
from tui.app.downloads import Downloads
from tui.app.screens.models.screen import ModelsScreen
from tui.catalogue.model import Source
from tui.catalogue.task import Prompt
from tui.engines.scripted import Script
from tui.weights.events import Progress

TEXT, FRAME = 4.5, 3.0
CODE = """\
# Heading

A *word* and **another**, `code`.

```python
def f(x):  # a comment
    return "text" + str(12)
```
"""
PROMPTS = (
    Prompt(number=1, title="one", text="many words " * 90, expected="42"),
    Prompt(number=2, title="two", text="do"),
)


def ratio(one: Color, other: Color) -> float:
    darker, lighter = sorted(_luminance(each) for each in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Color) -> float:
    """Relative luminance by WCAG 2."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def is_drawing(text: str) -> bool:
    """Lines, blocks and scrollbars, which nobody reads."""
    return all("\u2500" <= character <= "\u259f" or character.isspace() for character in text)


def pairs(bench):
    """Each text on the screen with its two colours."""
    for strip in bench.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if segment.text.strip() and style and style.color and style.bgcolor:
                assert ColorType.DEFAULT not in (style.color.type, style.bgcolor.type)
                front, back = style.color, style.bgcolor
                if style.dim:
                    front = dim_color(back, front)
                if style.reverse:
                    front, back = back, front
                yield segment.text, Color.from_rich_color(front), Color.from_rich_color(back)


def offenders(bench, where):
    return {
        f"{where}: {text.strip()[:30]!r} {front.hex} on {back.hex} {ratio(front, back):.2f}"
        for text, front, back in pairs(bench)
        if not is_drawing(text) and ratio(front, back) < TEXT
    }


def answers(request):
    return {
        "1": [CODE],
        "2": [LONG],
        "3": Script(["half"], error="out of memory"),
        "4": [] if request.instruction == "do" else ["x"],
        "5": ["x"],
        "6": ["x"] if request.instruction != "do" else ["x", asyncio.Event()],
    }[request.system]


def downloads(folder):
    models = [
        model_of(Source(repo="a/b", file="a.gguf", size_gb=1.1), name="small", title="Small 1B"),
        model_of(Source(path="mine.gguf"), name="mine", title="Mine", non_commercial=True),
    ]
    fetch = ScriptedFetch(folder / "small.gguf", Progress(440_000_000, 1_100_000_000, 2_000_000.0, 330.0))
    return Downloads(models, fetch=fetch)


@pytest.mark.parametrize("theme", [DEFAULT_THEME, LIGHT_THEME])
async def test_all_text_can_be_read(start, theme, tmp_path):
    found = set()
    tasks = (task("code", prompts=PROMPTS, description="be fair"), task("text", 2))
    async with start(
        answers, count=6, tasks=tasks, theme=theme, size=(150, 50), downloads=downloads(tmp_path)
    ) as bench:
        await bench.answered()
        for key in ("3", "2", "space", "1"):
            await bench.press(key)
        found |= offenders(bench, "main")
        await bench.press("v")
        await bench.pilot.pause()
        found |= offenders(bench, "Markdown")
        await bench.press("v", "z")
        found |= offenders(bench, "alone")
        await bench.press("z", "o", "j")
        found |= offenders(bench, "list")
        await bench.press("enter", "r")
        await bench.until(lambda: bench.slots[5].phase == "writing")
        found |= offenders(bench, "writing")
        await bench.press("q")
        found |= offenders(bench, "question")
        await bench.press("escape", "[")
        await bench.until(lambda: bench.screen.judging.readable)
        for key, leave, name in (
            ("question_mark", "escape", "help"),
            ("i", "escape", "details"),
            ("n", "escape", "note"),
            ("x", "escape", "flag"),
            ("slash", "escape", "search"),
            ("H", "escape", "history"),
            ("e", "escape", "write"),
            ("ctrl+p", "escape", "palette"),
        ):
            await bench.press(key, *([] if name != "note" else "ab"))
            await bench.until(lambda: len(bench.app.screen_stack) == 3)
            await bench.pilot.pause()
            found |= offenders(bench, name)
            await bench.press(leave)
            await bench.until(lambda: len(bench.app.screen_stack) == 2)
        await bench.press("m")
        await bench.until(lambda: isinstance(bench.app.screen, ModelsScreen))
        await bench.press("d")
        await bench.shows("40 %")
        found |= offenders(bench, "models")
    assert not found, "\n" + "\n".join(sorted(found))


@pytest.mark.parametrize("theme", [DEFAULT_THEME, LIGHT_THEME])
async def test_the_end_of_a_session_and_two_answers_compared_can_be_read(sit, theme):
    async with sit("text-classification", theme=theme) as bench:
        found = offenders(bench, "guidelines")
        await bench.press("Z")
        await bench.until(lambda: bench.screen.comparing._found)
        await bench.pilot.pause()
        found |= offenders(bench, "compared")
        while len(bench.app.screen_stack) == 2:
            await bench.press("3")
        found |= offenders(bench, "end")
        await bench.press("a")
        await bench.pilot.pause()
        found |= offenders(bench, "agreement")
    assert not found, "\n" + "\n".join(sorted(found))


@pytest.mark.parametrize("theme", [DEFAULT_THEME, LIGHT_THEME])
async def test_the_results_can_be_read(sit, theme):
    async with sit(theme=theme) as bench:
        for level, of in (("pass", "prompt_number = 1"), ("fail", "prompt_number = 2"), ("partial", "TRUE")):
            given(bench.store, "mei", level, of=f"import_id IS NOT NULL AND {of}")
        given(bench.store, "ada", "pass")
        await opened(bench)
        found = set[str]()
        for key in ("2", "3", "4", "5", "1"):
            await bench.press(key)
            found |= offenders(bench, f"view {key}")
        for key in ("enter", "f", "question_mark"):
            await bench.press(key)
            await bench.until(lambda: len(bench.app.screen_stack) == 4)
            await bench.pilot.pause()
            found |= offenders(bench, key)
            await bench.press("escape")
    assert not found, "\n" + "\n".join(sorted(found))


@pytest.mark.parametrize("theme", [DEFAULT_THEME, LIGHT_THEME])
async def test_the_frame_of_the_current_pane_can_be_seen(start, theme):
    async with start(theme=theme) as bench:
        await bench.answered()
        for key in ("tab", "o"):
            await bench.press(key)
            frames = [each for each in pairs(bench) if "━" in each[0]]
            assert frames
            assert all(ratio(front, back) >= FRAME for _, front, back in frames)
