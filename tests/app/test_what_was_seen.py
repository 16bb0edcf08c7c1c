"""A grade is about what the person had on the screen."""

from __future__ import annotations

import asyncio
from math import inf

from making import LEVELS, task
from textual.widgets import OptionList

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.app.screens.main.pane import Pane
from tui.catalogue.rubric import Level
from tui.catalogue.task import Prompt
from tui.engines.scripted import Script
from tui.grading.attention import IDLE_SECONDS, Attention


class Clock:
    time = 1000.0

    def __call__(self) -> float:
        return self.time


async def test_a_held_key_does_not_grade_panes_that_were_not_in_view(start):
    async with start(size=(80, 24)) as bench:
        await bench.answered()
        bench.screen.judging.grace_seconds = 1000
        bench.board.pane.readable_since = 0.0 - 2000
        await bench.press("3", "3", "3")
        assert bench.labels() == ["pass", None, None, None]


async def test_a_pane_that_comes_back_into_view_rests_its_keys_again(start):
    async with start(size=(80, 24), count=2) as bench:
        await bench.answered()
        await bench.press("tab")
        await bench.until(lambda: bench.board.pane.readable_since < float("inf"))
        hidden = bench.screen.query_one("#pane-1")
        await bench.until(lambda: hidden.readable_since == float("inf"))


async def test_an_answer_that_is_done_but_not_drawn_cannot_be_graded(start):
    gate = asyncio.Event()
    async with start(lambda _: ["half ", gate, "end"], count=1) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        bench.stage.draw_changes()
        bench.context.live.changed = lambda _: None
        gate.set()
        await bench.until(lambda: bench.slot.phase == "done")
        await bench.press("3")
        assert bench.store.judgements.events() == []


async def test_the_answer_of_the_prompt_before_is_gone_before_a_key_can_grade(start):
    def answers(request):
        return [f"- point {n} of {request.instruction}\n" for n in range(30)]

    async with start(answers) as bench:
        await bench.answered()
        await bench.press("]")
        await bench.answered()
        bench.app.simulate_key("left_square_bracket")
        await bench.until(lambda: bench.session.place == 0)
        panes = bench.screen.query(Pane)
        await bench.until(lambda: all(pane.read_since(pane.slot) < inf for pane in panes))
        assert "of do code 2" not in bench.text()


async def test_shown_at_is_when_the_complete_answer_came_into_view(start):
    async with start(count=2, size=(80, 24)) as bench:
        await bench.answered()
        await bench.press("3")
        await bench.until(lambda: bench.board.current == 1 and bench.board.pane.came_into_view)
        await bench.press("1")
        first, second = bench.store.judgements.events()
        created = {each.id: each.created_at for each in bench.store.responses.all()}
        assert created[first.response_id] <= first.shown_at < first.decided_at
        assert first.decided_at < second.shown_at < second.decided_at


async def test_a_judgement_has_the_seconds_given_to_it_and_no_idle_ones(start):
    clock = Clock()
    async with start(count=2) as bench:
        bench.app.attention = Attention(clock)
        await bench.answered()
        clock.time += 30
        await bench.press("3")
        clock.time += 3600
        await bench.press("j")
        clock.time += 5
        await bench.press("3")
        given = [each.active_seconds for each in bench.store.judgements.events()]
        assert given == [30, IDLE_SECONDS + 5]


async def test_keys_that_decide_do_nothing_while_the_list_has_the_focus(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("o", "j", "3", "p")
        assert bench.store.judgements.events() == []
        await bench.press("space")
        assert bench.session.place == 1
        assert bench.store.judgements.events() == []


async def test_skipping_an_answer_that_has_a_grade_leaves_the_grade(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("3", "shift+tab", "space")
        assert bench.labels() == ["pass", None, None, None]
        assert bench.board.current == 1


async def test_a_further_sample_that_stops_or_fails_leaves_the_earlier_answer_and_its_grade(start):
    scripts = iter([Script(("good",)), Script(("half", asyncio.Event())), Script((), error="killed")])
    async with start(lambda _: next(scripts), count=1) as bench:
        await bench.answered()
        await bench.press("3", "[", "R")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("escape")
        await bench.until(lambda: bench.slot.phase == "done")
        assert (bench.slot.text, bench.slot.given.level) == ("good", "pass")
        await bench.press("R")
        await bench.until(lambda: bench.slot.notice == "further sample failed: killed")
        await bench.shows("further sample failed: killed")
        assert bench.slot.text == "good"
        assert [each.finish_reason for each in bench.store.responses.all()] == ["stop", "cancelled", "failed"]


async def test_the_same_text_in_two_tasks_is_answered_and_graded_in_each(start):
    same = (Prompt(number=1, title="same", text="the same text"),)
    tasks = (task("first", 1, prompts=same), task("second", 1, prompts=same))
    async with start(tasks=tasks, count=1) as bench:
        await bench.answered()
        await bench.press("3")
        assert bench.session.place == 1
        assert bench.slot.phase == "empty"
        await bench.answered()
        await bench.press("1")
        assert [(each.task, bench.grade_of(each.id).level) for each in bench.store.responses.all()] == [
            ("first", "pass"),
            ("second", "fail"),
        ]


async def test_undo_says_what_it_took_back(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("3", "[", "n", "x", "enter", "u")
        await bench.shows("Took back: the note")
        assert bench.labels() == ["pass"]
        await bench.press("u")
        await bench.shows("Took back: pass")


async def test_a_key_of_the_persons_own_comes_before_a_letter_of_the_rubric(start):
    async with start(keys={"undo": "f"}) as bench:
        await bench.answered()
        await bench.press("3", "f")
        assert bench.labels() == [None] * 4


async def test_the_palette_has_one_way_to_maximise(start):
    async with start() as bench:
        titles = [command.title for command in bench.app.get_system_commands(bench.screen)]
        assert [title for title in titles if title.startswith("Maxim")] == ["Maximise"]


async def test_quitting_again_does_not_ask_again(start):
    async with start(lambda _: ["x", asyncio.Event()]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("q", "ctrl+q", "ctrl+q")
        assert sum(isinstance(screen, ConfirmScreen) for screen in bench.app.screen_stack) == 1


async def test_all_levels_are_in_sight_in_a_narrow_terminal(start):
    levels = tuple(
        Level(label=f"{word}", key=letter, value=number / 4, anchor="m")
        for number, (word, letter) in enumerate(
            zip(("bad", "poor", "fair", "good", "best"), "acdsw", strict=True)
        )
    )
    async with start(size=(80, 24), tasks=(task("five", 1, levels=levels),)) as bench:
        text = bench.text()
        assert all(word in text for word in ("bad", "poor", "fair", "good", "best"))


async def test_a_database_that_cannot_be_read_is_a_toast(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("3")
        bench.store._database.execute("DROP VIEW in_force")
        await bench.press("]")
        await bench.shows("The database cannot be read")
        assert bench.session.place == 0


async def test_a_prompt_whose_answers_cannot_be_read_does_not_head_those_of_another(start):
    async with start() as bench:
        await bench.answered()
        bench.store._database.execute("ALTER TABLE responses RENAME TO gone")
        await bench.press("]")
        await bench.shows("The database cannot be read")
        assert bench.session.place == 0
        heading = next(row for row in bench.text().splitlines() if "·" in row and "Code" in row)
        assert "code 1" in heading
        bench.store._database.execute("ALTER TABLE gone RENAME TO responses")


async def test_a_further_sample_that_is_done_but_not_drawn_cannot_be_graded(start):
    async with start(count=1) as bench:
        await bench.answered()
        bench.context.live.changed = lambda _: None
        first = bench.slot.reading
        await bench.press("R")
        await bench.until(lambda: bench.slot.phase == "done" and bench.slot.reading != first)
        await bench.press("3")
        assert bench.store.judgements.events() == []


async def test_an_answer_whose_pane_still_shows_another_cannot_be_graded(start):
    async with start(count=1) as bench:
        await bench.answered()
        session = bench.session
        (response,) = bench.store.responses.all()
        session._shown = session._answers.samples(1, session._state(1))
        session._shown[0].live.show(response)
        assert bench.slot.judgeable
        await bench.press("3")
        assert bench.store.judgements.events() == []


async def test_tasks_without_prompts_are_no_crash(start):
    async with start(tasks=(task("none", 0),)) as bench:
        await bench.press("r", "3", "j", "?")
        assert bench.app.is_running


async def test_answers_that_another_process_wrote_are_there_when_the_prompt_is_opened(start):
    async with start(count=1) as bench:
        async with start(count=1) as other:
            await other.answered()
        await bench.press("]", "[")
        assert bench.slot.text == "Hello"
        assert isinstance(bench.screen.query_one("#prompts"), OptionList)
        assert LEVELS[2] in bench.stage.levels
