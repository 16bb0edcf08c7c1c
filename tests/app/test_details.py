"""The details of an answer: all criteria, what the grader did with it, and nothing that a criterion hides."""

from __future__ import annotations

from making import LEVELS, task

from tui.app.screens.dialogs.details import DetailsScreen
from tui.app.screens.main.screen import MainScreen
from tui.catalogue.rubric import Criterion
from tui.catalogue.task import Prompt

PROMPTS = (Prompt(number=1, title="sums", text="Add the numbers.", expected="forty-two"),)
STRICT = task(
    levels=(),
    criteria=(
        Criterion(name="style", question="Is it clear?", levels=LEVELS, shows_expected=False),
        Criterion(name="truth", question="Is it true?", levels=LEVELS),
    ),
    prompts=PROMPTS,
)


async def details(bench):
    await bench.press("i")
    await bench.until(lambda: isinstance(bench.app.screen, DetailsScreen))
    await bench.pilot.pause()
    return bench.text()


async def back(bench):
    await bench.press("escape")
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))


async def test_all_that_was_done_with_an_answer_is_told(start):
    async with start(count=1, size=(120, 60), tasks=(task("code", 1),)) as bench:
        await bench.answered()
        for key in ("1", "2", "u"):
            await bench.press(key)
        await bench.press("x", *"odd", "enter")
        await bench.until(lambda: isinstance(bench.app.screen, MainScreen))
        told = await details(bench)
        assert "flagged: odd" in told
        said = ("  fail ", "  partial (taken back) ", "  took back partial ", "  flag: odd ")
        places = [told.index(each) for each in said]
        assert places == sorted(places)


async def test_each_criterion_has_its_anchors_and_hides_the_correct_answer_if_it_is_to(start):
    async with start(count=1, size=(120, 60), tasks=(STRICT,)) as bench:
        await bench.answered()
        told = await details(bench)
        assert "Criterion style" in told and "Criterion truth" in told
        assert told.count("1 fail: does not run") == 2
        assert "forty-two" not in told
        await back(bench)
        await bench.press("3")
        assert "forty-two" in await details(bench)


async def test_the_sample_in_view_is_told_among_how_many(start):
    async with start(count=1, size=(120, 60)) as bench:
        await bench.answered()
        first = bench.response(0).id
        await bench.press("R")
        await bench.until(lambda: bench.slot.phase == "done" and bench.response(0).id != first)
        assert "sample 2 of 2" in await details(bench)
        await back(bench)
        await bench.press("s")
        assert "sample 1 of 2" in await details(bench)
