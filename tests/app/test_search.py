"""A search for a prompt by words in it."""

from __future__ import annotations

from time import perf_counter

from making import task

from tui.app.screens.dialogs.search import SearchScreen, hits
from tui.app.screens.main.prompt_list import PromptList
from tui.app.screens.main.screen import MainScreen
from tui.catalogue.task import Prompt

PROMPTS = (
    Prompt(number=1, title="sums", text="Add the numbers."),
    Prompt(number=2, title="FizzBuzz", text="Write it."),
    Prompt(number=3, title="a poem", text="Rhyme about numbers."),
)
TASKS = (task("code", prompts=PROMPTS), task("text", 2, title="Summaries"))


async def back(bench):
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
    await bench.pilot.pause()


async def test_what_is_typed_shows_the_next_hit_and_enter_goes_there(start):
    async with start(tasks=TASKS) as bench:
        await bench.press("slash", *"NUMB")
        await bench.shows("1 of 2: Code 3 · a poem")
        await bench.press("down")
        await bench.shows("2 of 2: Code 1 · sums")
        await bench.press("down", "enter")
        await back(bench)
        assert bench.session.place == 2


async def test_without_words_enter_goes_to_the_next_hit_of_the_last_ones(start):
    async with start(tasks=TASKS) as bench:
        await bench.press("slash", *"summaries", "enter")
        await back(bench)
        assert bench.session.place == 3
        await bench.press("slash")
        await bench.shows("Enter for the next with “summaries”")
        await bench.press("enter")
        await back(bench)
        assert bench.session.place == 4


async def test_escape_leaves_all_as_it_was(start):
    async with start(tasks=TASKS) as bench:
        await bench.press("slash", *"fizz")
        await bench.shows("1 of 1: Code 2 · FizzBuzz")
        await bench.press("escape")
        await back(bench)
        assert (bench.session.place, bench.screen.query_one(PromptList).place) == (0, 0)


async def test_words_that_nothing_has_lead_nowhere(start):
    async with start(tasks=TASKS) as bench:
        await bench.press("slash", *"3zz")
        await bench.shows("no prompt has these words")
        await bench.press("enter")
        await back(bench)
        assert bench.session.place == 0
        assert bench.store.judgements.events() == []


def test_hits_begin_after_the_place_and_go_around_the_corner():
    assert hits(["a b", "b", "b a", "a"], "A", 2) == [3, 0, 2]
    assert hits(["a"], " ", 0) == []


async def test_five_thousand_prompts_stay_quick(start):
    async with start(count=1, tasks=(task("code", 5000),)) as bench:
        await bench.press("slash")
        await bench.until(lambda: isinstance(bench.app.screen, SearchScreen))
        begun = perf_counter()
        bench.app.screen._search("4999 code")
        assert perf_counter() - begun < 0.25
        await bench.shows("1 of 1: Code 4999")
