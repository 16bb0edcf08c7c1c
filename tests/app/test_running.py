from __future__ import annotations

import asyncio
from collections import Counter

from msgspec.structs import replace
from textual.widgets import TextArea

from tui.app.screens.dialogs.confirm import ConfirmScreen
from tui.engines.scripted import Script


async def test_all_panes_stream_side_by_side(start):
    gate = asyncio.Event()
    async with start(lambda request: [f"answer {request.system} ", gate, "end"]) as bench:
        await bench.press("r")
        await bench.until(lambda: all(each.phase == "writing" for each in bench.slots))
        bench.stage.draw_changes()
        await bench.pilot.pause()
        text = bench.text()
        assert all(f"answer {number}" in text for number in range(1, 5))
        gate.set()
        await bench.until(lambda: all(each.phase == "done" for each in bench.slots))


async def test_states_are_words(start):
    gate = asyncio.Event()
    async with start(lambda _: Script((gate, "x"), loading=(0.4,)), count=1) as bench:
        await bench.shows("no answer yet")
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "reading")
        bench.stage.draw_changes()
        await bench.pilot.pause()
        assert "reading prompt" in bench.text()
        gate.set()
        await bench.until(lambda: bench.slot.phase == "done")


async def test_running_again_adds_a_sample_and_keeps_the_first(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("R")
        await bench.until(lambda: len(bench.store.responses.all()) == 2)
        assert [(each.sample, each.seed) for each in bench.store.responses.all()] == [(1, 0), (2, 1)]


async def test_run_leaves_answers_that_are_there_alone(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("r")
        await bench.pilot.pause()
        assert len(bench.store.responses.all()) == 4


async def test_a_stopped_answer_is_run_again_as_the_same_sample(start):
    gates = iter([asyncio.Event()])
    async with start(lambda _: ["a", next(gates, "b")], count=1) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("escape")
        await bench.until(lambda: bench.slot.phase == "stopped")
        await bench.answered()
        assert [(r.sample, r.finish_reason, r.text) for r in bench.store.responses.all()] == [
            (1, "cancelled", "a"),
            (1, "stop", "ab"),
        ]


async def test_generation_goes_on_while_another_prompt_is_on_the_desk(start):
    gate = asyncio.Event()
    async with start(lambda _: ["a", gate, "b"]) as bench:
        await bench.press("r", "]")
        gate.set()
        await bench.until(lambda: len(bench.store.responses.all()) == 4)
        await bench.press("[")
        assert [answer.text for answer in bench.slots] == ["ab"] * 4


async def test_a_failed_model_costs_its_pane_one_line_and_the_others_go_on(start):
    def answers(request):
        return Script((), error="out of memory") if request.system == "2" else ["fine"]

    async with start(answers) as bench:
        await bench.answered()
        assert [answer.phase for answer in bench.slots] == ["done", "failed", "done", "done"]
        assert "out of memory" in bench.text()
        assert Counter(each.finish_reason for each in bench.store.responses.all()) == {"stop": 3, "failed": 1}


async def test_a_complete_answer_is_shown_as_written_and_v_lays_it_out_and_says_so(start):
    async with start(lambda _: ["# A *title*\n1. a\n3. b"], count=1) as bench:
        await bench.answered()
        assert "# A *title*" in bench.text()
        assert "3. b" in bench.text()
        assert "Markdown" not in bench.text()
        await bench.press("v")
        await bench.until(lambda: "# A *title*" not in bench.text())
        assert "A title" in bench.text()
        assert "Markdown · " in bench.text()
        await bench.press("v")
        await bench.shows("# A *title*")


async def test_an_answer_too_large_for_markdown_stays_as_written_and_says_so(start):
    async with start(lambda _: ["| a |\n" * 2_000], count=1) as bench:
        await bench.answered()
        await bench.press("v")
        await bench.shows("as written: too large for Markdown")
        assert "| a |" in bench.text()


async def test_lines_of_an_answer_stay_lines(start):
    async with start(lambda _: ["James - Person\nLondon - Place"], count=1) as bench:
        await bench.answered()
        rows = bench.text().splitlines()
        assert any("James - Person" in row and "London" not in row for row in rows)


async def test_html_in_an_answer_is_shown_as_it_was_written(start):
    async with start(lambda _: ["a List<int> and <b>bold</b>"], count=1) as bench:
        await bench.answered()
        assert "List<int> and <b>bold</b>" in bench.text()


async def test_quitting_with_work_in_flight_asks_once_and_keeps_what_is_written(start):
    never = asyncio.Event()
    async with start(lambda _: ["partial", never]) as bench:
        await bench.press("r")
        await bench.until(lambda: all(each.phase == "writing" for each in bench.slots))
        await bench.press("q")
        assert isinstance(bench.app.screen, ConfirmScreen)
        await bench.press("n")
        assert bench.app.is_running
        await bench.press("q")
        await bench.quits("y")
        assert [(r.text, r.finish_reason) for r in bench.store.responses.all()] == [
            ("partial", "cancelled")
        ] * 4


async def test_quitting_with_nothing_in_flight_does_not_ask(start):
    async with start() as bench:
        await bench.answered()
        await bench.quits("q")


async def test_a_prompt_written_on_the_spot_can_be_run_and_is_there_next_time(start):
    async with start() as bench:
        await bench.press("e")
        bench.app.screen.query_one(TextArea).text = "Name a fruit.\nOnly one."
        await bench.press("ctrl+s")
        await bench.until(lambda: bench.session.items[bench.session.place][0].name == "own")
        await bench.answered()
        assert bench.engine.requests[0][1].instruction == "Name a fruit.\nOnly one."
    async with start() as bench:
        assert bench.session.items[-1][1].title == "Name a fruit."
        assert "Your own" in bench.text()


async def test_what_the_engine_warns_of_stands_under_the_answer_after_a_restart_too(start):
    async with start(count=1) as bench:
        bench.engine._facts = replace(bench.engine._facts, warnings=("the file is old",))
        await bench.answered()
        await bench.shows("warning: the file is old")
    async with start(count=1) as bench:
        await bench.shows("warning: the file is old")
