"""Sessions, criteria and samples on the screen."""

from __future__ import annotations

import pytest
from making import task

from tui.catalogue.rubric import Criterion, Level
from tui.grading.overview import Progress

LEVELS = tuple(Level(label=f"level-{n}", value=n / 4, anchor=f"what earns {n}") for n in range(5))
CRITERIA = tuple(
    Criterion(name=name, question=f"Is it {name}?", levels=LEVELS, shows_expected=name != "faithful")
    for name in ("fluent", "faithful", "complete")
)
SUMMARIES = (task("summary", 2, levels=(), criteria=CRITERIA),)


async def test_thirty_answers_take_thirty_keys_also_in_a_small_terminal(sit):
    async with sit(size=(80, 24)) as bench:
        for number in range(30):
            await bench.until(lambda: bench.screen.judging.readable)
            await bench.press("123"[number % 3])
        await bench.until(lambda: bench.session.progress() == Progress(30, 30))
        events = [
            each for each in bench.store.judgements.events() if each.grader_id == bench.session._judge.id
        ]
        assert len({each.response_id for each in events}) == len(events) == 30


async def test_a_session_over_stored_answers_has_no_keys_that_write_some(sit):
    async with sit() as bench:
        ids = {each.binding.id for each in bench.screen.active_bindings.values() if each.enabled}
        assert not ids & {"run", "run-again", "run-all", "models", "write", "write-outside"}
        await bench.press("r", "R", "m", "e", "E", "ctrl+r")
        assert len(bench.app.screen_stack) == 2


async def test_it_says_how_far_it_is_and_opens_where_it_was_left(sit):
    async with sit() as bench:
        before = bench.session.place
        for _ in range(5):
            await bench.until(lambda: bench.screen.judging.readable)
            await bench.press("3")
        await bench.shows("graded 5 of 30")
        place, label = bench.session.place, bench.stage.slot.label
        assert place != before
    async with sit() as again:
        await again.shows("graded 5 of 30")
        assert (again.session.place, again.stage.slot.label) == (place, label)


async def test_what_print_lost_of_an_answer_stands_above_it(sit):
    async with sit("code-generation") as bench:
        for place in range(3):
            await bench.stage.go_to(place)
            for pane, slot in enumerate(bench.slots):
                if slot.remarks:
                    bench.stage.focus_pane(pane)
                    await bench.shows(slot.remarks[0][:20])


async def test_the_app_opens_at_the_first_prompt_with_an_answer_that_is_not_graded(start):
    async with start(count=1) as bench:
        for _ in range(2):
            await bench.answered()
            await bench.press("]")
        await bench.stage.go_to(0)
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        await bench.until(lambda: bench.session.place == 1)
    async with start(count=1) as again:
        await again.until(lambda: again.session.place == 1)


async def test_a_dot_goes_to_the_next_open_answer_and_says_when_there_is_none(start):
    async with start(count=2) as bench:
        await bench.answered()
        await bench.press("]", "full_stop")
        await bench.until(lambda: bench.session.place == 0)
        await bench.press("3", "3", "full_stop")
        await bench.shows("No answer waits")


async def test_samples_are_stepped_through_and_each_has_its_grade(start):
    texts = iter(("first", "second"))
    async with start(lambda _: [next(texts)], count=1) as bench:
        await bench.answered()
        await bench.press("1")
        await bench.press("[", "R")
        await bench.until(lambda: bench.slots[0].phase == "done" and bench.slots[0].samples == 2)
        await bench.shows("2 of 2")
        await bench.shows("second")
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        await bench.press("[")
        await bench.press("s")
        await bench.shows("1 of 2")
        await bench.shows("first")
        await bench.shows("fail")
        await bench.press("S")
        await bench.shows("2 of 2")
        await bench.shows("second")
        await bench.shows("pass")
        grades = {each.response_id: each.level for each in bench.store.judgements.events()}
        assert sorted(grades.values()) == ["fail", "pass"]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])
async def test_each_criterion_is_in_view_with_what_earns_its_levels_until_all_are_given(start, size):
    async with start(count=2, tasks=SUMMARIES, size=size) as bench:
        await bench.answered()
        for criterion, key in zip(CRITERIA, "135", strict=True):
            text = bench.text()
            assert criterion.question in text
            assert all(f"{level.label}" in text and level.anchor in text for level in LEVELS)
            assert bench.stage.board.current == 0
            await bench.until(lambda: bench.screen.judging.readable)
            await bench.press(key)
        await bench.until(lambda: bench.stage.board.current == 1)
        assert [each.level for each in bench.slots[0].givens] == ["level-0", "level-2", "level-4"]
        assert bench.session.place == 0


async def test_comma_and_semicolon_choose_the_criterion_that_a_key_is_about(start):
    async with start(count=1, tasks=SUMMARIES) as bench:
        await bench.answered()
        await bench.press("semicolon")
        await bench.shows("▶ faithful")
        await bench.press("2")
        await bench.until(lambda: bench.slots[0].givens[1] is not None)
        assert [each and each.level for each in bench.slots[0].givens] == [None, "level-1", None]
        await bench.press("comma")
        await bench.shows("▶ complete")
        await bench.press("u")
        await bench.shows("▶ faithful")
        assert bench.slots[0].givens == (None, None, None)
        await bench.press("U")
        await bench.until(lambda: bench.slots[0].givens[1] is not None)
        await bench.shows("▶ fluent")


async def test_the_help_of_a_session_names_no_key_that_it_does_not_have(sit):
    async with sit(size=(120, 90)) as bench:
        await bench.press("question_mark")
        await bench.shows("History")
        text = bench.text()
        assert "Flag: Mark this answer" in text
        assert not any(word in text for word in ("Run:", "Models:", "Write:", "let the models"))
