"""The correct answer beside the answers, and what a judgement says of it."""

from __future__ import annotations

import pytest
from making import LEVELS, task
from msgspec.structs import replace

from tui.catalogue.rubric import Criterion
from tui.catalogue.task import Prompt


def one(expected, text="do it"):
    return (task("sums", prompts=(Prompt(number=1, title="sum", text=text, expected=expected),)),)


async def saw_expected(bench):
    await bench.press("3")
    return bench.store.judgements.events()[-1].saw_expected


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_the_correct_answer_stands_below_the_prompt(start, size):
    async with start(size=size, tasks=one("42, or\nforty-two")) as bench:
        await bench.answered()
        await bench.shows("Correct: 42, or forty-two")
        assert await saw_expected(bench) is True


async def test_where_there_is_none_it_was_not_seen(start):
    async with start() as bench:
        await bench.answered()
        assert "Correct:" not in bench.text()
        assert await saw_expected(bench) is False


async def test_one_that_is_cut_was_not_seen_until_details_showed_all_of_it(start):
    async with start(size=(80, 24), tasks=one("many words " * 40 + "END")) as bench:
        await bench.answered()
        line = next(row for row in bench.text().splitlines() if "Correct: many" in row)
        assert line.rstrip().endswith("… (i: all of it)")
        assert await saw_expected(bench) is False
        await bench.press("i", "escape")
        assert await saw_expected(bench) is True


async def test_a_criterion_that_is_judged_without_it_shows_it_nowhere(start, monkeypatch):
    monkeypatch.setattr(Criterion, "shows_expected", False, raising=False)
    async with start(tasks=one("forty-two")) as bench:
        await bench.answered()
        assert "forty-two" not in bench.text()
        await bench.press("i")
        await bench.shows("Levels")
        assert "forty-two" not in bench.text()
        await bench.press("escape")
        assert await saw_expected(bench) is False


async def test_each_criterion_has_its_own_say_on_showing_it(start):
    level = {"levels": LEVELS}
    criteria = (
        Criterion(name="style", question="Is it plain?", shows_expected=False, **level),
        Criterion(name="truth", question="Is it right?", **level),
    )
    (sums,) = one("forty-two")
    async with start(tasks=(replace(sums, levels=(), criteria=criteria),)) as bench:
        await bench.answered()
        for key, shown in (("i", False), (";", True)):
            await bench.press(key)
            assert ("forty-two" in bench.text()) == shown
            await bench.press("escape")
        await bench.press("i")
        await bench.shows("A correct answer")


async def test_beside_the_open_list_too_a_cut_prompt_says_so(start):
    tasks = one("forty-two", text="many words " * 40 + "END")
    async with start(size=(80, 24), tasks=tasks) as bench:
        await bench.press("o")
        rows = bench.text().splitlines()
        assert sum("… (i: all of it)" in row for row in rows) == 1
        assert any("Correct: forty-two" in row for row in rows)
