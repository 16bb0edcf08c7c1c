"""Notes: on this answer, and on the one just judged."""

from __future__ import annotations

from making import task

from tui.app.screens.main.screen import MainScreen


async def closed(bench):
    await bench.until(lambda: isinstance(bench.app.screen, MainScreen))


async def test_a_note_says_whose_answer_it_is_on_and_leaves_that_in_sight(start):
    async with start(size=(80, 24)) as bench:
        await bench.answered()
        await bench.press("tab", "n")
        await bench.shows("Note on B Model-2 · Code 1 · code 1")
        assert "▶B Model-2" in bench.text()
        assert "Hello" in bench.text()


async def test_a_note_on_the_answer_just_judged_is_not_on_the_next(start):
    async with start() as bench:
        await bench.answered()
        first, second = bench.response(0).id, bench.response(1).id
        await bench.press("3", "N")
        await bench.shows("Note on A Model-1")
        await bench.press(*"one", "enter")
        await closed(bench)
        assert (bench.note_of(first), bench.note_of(second)) == ("one", None)
        assert bench.board.current == 1
        assert [each.place for each in bench.store.judgements.events()] == [1, 1]


async def test_it_is_noted_on_too_when_another_prompt_is_on_the_screen(start):
    async with start(count=2, tasks=(task("code", 3),)) as bench:
        await bench.answered()
        judged = bench.response(1).id
        await bench.press("tab", "3", "]", "N")
        await bench.shows("Note on B Model-2 · Code 1 · code 1")
        await bench.press(*"late", "enter")
        await closed(bench)
        assert bench.note_of(judged) == "late"
        await bench.press("N")
        await bench.shows("late")


async def test_where_another_sample_took_its_place_the_note_is_on_what_was_judged(start):
    async with start(count=1) as bench:
        await bench.answered()
        first = bench.response(0).id
        await bench.press("3", "[", "R")
        await bench.until(lambda: bench.slot.phase == "done" and bench.response(0).id != first)
        await bench.press("N", "x", "enter")
        await closed(bench)
        assert (bench.note_of(first), bench.note_of(bench.response(0).id)) == ("x", None)


async def test_before_anything_is_judged_there_is_nothing_to_note_on(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("N", *"not bad")
        await bench.shows("no answer that was just judged")
        assert (bench.board.current, bench.session.place) == (0, 0)
