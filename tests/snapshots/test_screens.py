"""Whole screens, cell for cell, as they are in `stored/`."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from math import inf

import pytest
from app.fetching import ScriptedFetch
from making import task
from weights.quick import model_of

from tui.app.downloads import Downloads
from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.main.screen import MainScreen
from tui.app.screens.models.screen import ModelsScreen
from tui.catalogue.model import Source
from tui.catalogue.rubric import Level
from tui.catalogue.task import Prompt
from tui.engines.scripted import Script
from tui.grading import pair_opening
from tui.grading.pair_opening import PairShelf
from tui.weights.events import Progress

SMALL, MEDIUM, WIDE = (80, 24), (120, 36), (200, 50)
CODE = '''\
Here is one way:

```python
def fibonacci(count=10):
    """Print the first numbers."""
    a, b = 0, 1
    for _ in range(count):
        print(a)
        a, b = b, a + b
```

It starts from **0**.'''
ANSWERS = {
    "1": Script([CODE]),
    "2": Script(["print(1, 1, 2, 3, 5, 8,", " 13, 21, 34)"]),
    "3": Script(["The first ten are", " 0 1 1 2"], error="out of memory: its process was ended"),
    "4": Script(["1, 2, 3, 4, 5,", " 6, 7, 8, 9, 10"], reason="length"),
}
FIBONACCI = Prompt(
    number=1,
    title="First ten Fibonacci numbers",
    text="Write a Python function that prints the first ten Fibonacci numbers, one in each line.",
    expected="0 1 1 2 3 5 8 13 21 34",
)
CODING = task(
    "code",
    title="Code generation",
    description="Judge the program as printed, not the words around it.",
    prompts=(FIBONACCI, Prompt(number=2, title="FizzBuzz", text="Write FizzBuzz.")),
)
TASKS = (CODING, task("text", 12, title="Summaries"))
FIVE = tuple(
    Level(label=label, key="", value=number / 4, anchor=anchor)
    for number, (label, anchor) in enumerate(
        [
            ("wrong", "does not do what was asked"),
            ("weak", "the idea only"),
            ("fair", "right but for several slips"),
            ("good", "right but for one slip"),
            ("perfect", "runs as it stands"),
        ]
    )
)


def sized(gigabytes):
    return Source(repo="someone/some-gguf", file="some.gguf", quantisation="Q4_K_M", size_gb=gigabytes)


def sizes(*chosen):
    return pytest.mark.parametrize("size", chosen, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture
def desk(start):
    """Of four answers the first is a pass, the second skipped, the third failed, the fourth to be judged."""

    @asynccontextmanager
    async def opened(**options):
        answers = options.pop("answers", lambda request: ANSWERS[request.system])
        async with start(answers, **{"tasks": TASKS, **options}) as bench:
            await bench.answered()
            await judge(bench, "3")
            await judge(bench, "space")
            await in_view(bench)
            yield bench

    return opened


async def judge(bench, key):
    await in_view(bench)
    await bench.press(key)


async def in_view(bench):
    """Wait until a key would judge what the current pane shows."""
    await bench.until(lambda: bench.board.pane.read_since(bench.slot) < inf)


@sizes(SMALL, MEDIUM, WIDE)
async def test_a_graded_a_skipped_a_failed_answer_and_one_to_judge_with_its_keys(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_before_anything_is_run_each_pane_names_the_key(start, looks_as_stored, size):
    async with start(size=size, tasks=TASKS) as bench:
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_one_answer_alone_has_the_whole_width_and_tabs_name_the_others(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("h", "h", "h", "z")
        await looks_as_stored(bench)


@sizes(SMALL)
async def test_the_list_marks_each_answer_and_shows_where_its_cursor_is(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("o", "j")
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_five_levels_keep_their_keys_and_names_in_sight(desk, looks_as_stored, size):
    five = task("code", title="Code generation", levels=FIVE, prompts=(FIBONACCI,))
    async with desk(size=size, tasks=(five,)) as bench:
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_laid_out_as_markdown_an_answer_says_so(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("v")
        await bench.shows("Markdown ·")
        bench.app.clear_notifications()
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_the_light_theme_gives_grades_and_keys_the_same_meanings(desk, looks_as_stored, size):
    async with desk(size=size, theme="textual-light") as bench:
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_without_colour_words_marks_and_weight_still_tell(desk, looks_as_stored, size, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk(size=size) as bench:
        await looks_as_stored(bench)


@sizes(SMALL)
async def test_with_no_model_the_first_screen_says_what_to_do(start, looks_as_stored, size):
    async with start(size=size, count=0, tasks=TASKS) as bench:
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_help_begins_with_what_to_do_and_the_keys_of_the_levels(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("question_mark")
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_details_show_the_prompt_what_is_correct_and_what_is_known_of_the_answer(
    desk, looks_as_stored, size
):
    async with desk(size=size) as bench:
        await bench.press("i")
        await looks_as_stored(bench)


@sizes(SMALL)
async def test_a_note_is_written_over_the_answers_with_its_keys_below(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("n", *"Counts")
        await looks_as_stored(bench)


@sizes(SMALL)
async def test_a_prompt_of_ones_own_has_room_and_says_how_to_save_it(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("e", *"Why?")
        await looks_as_stored(bench)


@sizes(SMALL)
async def test_quitting_while_an_answer_is_written_asks_and_says_what_is_kept(start, looks_as_stored, size):
    never = asyncio.Event()
    async with start(lambda _: ["The", never], count=1, size=size, tasks=TASKS) as bench:
        await bench.press("r")
        await bench.shows("esc Stop")
        await bench.press("q")
        await bench.until(lambda: isinstance(bench.app.screen, ConfirmScreen))
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_models_show_what_is_here_what_is_fetched_and_what_to_press(
    start, looks_as_stored, size, tmp_path
):
    (tmp_path / "mine.gguf").write_bytes(b"GGUF and nothing else")
    models = [
        model_of(sized(1.1), name="small", title="Small 1B"),
        model_of(Source(path="mine.gguf"), name="mine", title="A file of one's own"),
        model_of(sized(4.4), name="medium", title="Medium 7B", non_commercial=True),
        model_of(sized(45.0), name="large", title="Large 70B", licence="Apache-2.0"),
    ]
    fetch = ScriptedFetch(tmp_path / "small.gguf", Progress(440_000_000, 1_100_000_000, 2_000_000.0, 330.0))
    async with start(size=size, downloads=Downloads(models, fetch=fetch)) as bench:
        await bench.press("m")
        await bench.until(lambda: isinstance(bench.app.screen, ModelsScreen))
        await bench.press("d")
        await bench.shows("40 %")
        await looks_as_stored(bench)


@sizes(MEDIUM)
async def test_a_key_that_cannot_judge_a_failed_answer_says_why_beside_the_keys(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("h", "3")
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_the_history_has_a_line_for_each_answer_and_a_key_for_each_filter(
    desk, looks_as_stored, size, monkeypatch
):
    monkeypatch.setattr("tui.app.screens.history.lines.when", lambda *_: "12:34")
    async with desk(size=size) as bench:
        await bench.press("x", *"odd", "enter")
        await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
        await bench.press("H", "slash", *"code")
        await bench.shows("First ten")
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_two_answers_are_compared_with_the_words_that_differ_underlined(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("h", "h", "h", "Z")
        await bench.until(lambda: bench.screen.comparing._found)
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_guidelines_stand_above_the_answers(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        await bench.press("I")
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_a_blind_sheet_has_letters_for_names_and_the_key_that_reveals(desk, looks_as_stored, size):
    async with desk(size=size) as bench:
        seed = "tui.grading.live_session.new_seed"
        with pytest.MonkeyPatch.context() as same:
            same.setattr(seed, lambda: 7)
            await bench.press("b")
        bench.app.clear_notifications()
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_blind_answers_that_are_written_are_shown_together(start, looks_as_stored, size):
    slow = Script(["not to be seen", 1e9])
    async with start(lambda request: slow if request.system == "3" else ["there"], size=size) as bench:
        await bench.press("b", "r")
        bench.app.clear_notifications()
        await bench.until(lambda: sum(each.busy for each in bench.context.live._answers.values()) == 1)
        await looks_as_stored(bench)


@sizes(SMALL, MEDIUM)
async def test_two_answers_stand_beside_each_other_with_the_keys_that_choose_below(
    sit, looks_as_stored, monkeypatch, size
):
    monkeypatch.setattr(pair_opening, "new_seed", lambda: 2023)
    async with sit("code-generation", size=size, kind=PairShelf, blind=True) as bench:
        for _ in range(2 if size == SMALL else 1):
            await in_view(bench)
            await bench.press("tab")
        await judge(bench, "2")
        await bench.until(lambda: bench.session.place == 1)
        await in_view(bench)
        await looks_as_stored(bench)
