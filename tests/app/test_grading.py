from __future__ import annotations

import asyncio

from textual.widgets import TextArea

from tui.app.screens.main.prompt_list import PromptList
from tui.app.view.marks import UNGRADED, WORST
from tui.engines.scripted import Script
from tui.grading.decisions import Grade
from tui.grading.judge import Judge
from tui.store.database import Store


async def test_one_key_grades_and_the_focus_goes_to_the_next_answer(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("3")
        assert bench.labels() == ["pass", None, None, None]
        assert bench.board.current == 1


async def test_letters_of_the_rubric_grade_as_digits_do(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("p", "a", "f")
        assert bench.labels() == ["pass", "partial", "fail", None]


async def test_after_the_last_answer_the_next_prompt_is_on_the_desk(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("1", "2", "3", "3")
        assert bench.session.place == 1
        assert bench.board.current == 0


async def test_the_grade_is_in_the_database_with_what_the_grader_saw(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("tab", "2")
        (event,) = bench.store.judgements.events()
        assert (event.level, event.value, event.place) == ("partial", 0.5, 2)
        assert event.shown_at and event.shown_at < event.decided_at
        assert event.item_hash


async def test_skip_goes_on_and_counts_as_judged(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("space")
        (event,) = bench.store.judgements.events()
        assert (event.kind, event.level) == ("skip", None)
        assert bench.board.current == 1
        assert "graded 1 of 12" in bench.text()


async def test_undo_takes_back_the_last_grade_and_returns_to_its_answer(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("1", "2", "3", "3")
        await bench.press("u")
        assert bench.session.place == 0
        assert bench.board.current == 3
        assert bench.labels() == ["fail", "partial", "pass", None]
        await bench.press("u")
        assert bench.labels() == ["fail", "partial", None, None]


async def test_undo_after_grading_again_brings_the_first_grade_back(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("3", "[", "1", "u")
        assert bench.labels() == ["pass"]


async def test_undo_goes_on_through_an_earlier_sitting(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("3", "1", "2", "3")
        await bench.until(lambda: bench.session.place == 1)
    async with start() as bench:
        await bench.until(lambda: bench.labels() == ["pass", "fail", "partial", "pass"])
        await bench.press("]", "u")
        await bench.shows("Took back: pass")
        assert (bench.session.place, bench.board.current) == (0, 3)
        await bench.press("u", "u", "u")
        assert bench.labels() == [None] * 4
        await bench.press("u")
        await bench.shows("There is nothing to undo.")


async def test_a_note_is_kept_with_the_grade_that_follows(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("n")
        bench.app.screen.query_one(TextArea).text = "over-explains [/x]"
        await bench.press("enter")
        await bench.press("3")
        response = bench.response(0)
        assert (bench.grade_of(response.id).level, bench.note_of(response.id)) == (
            "pass",
            "over-explains [/x]",
        )
        assert "over-explains [/x]" in bench.text()


async def test_escape_leaves_the_note_as_it_was(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("n", "x", "escape")
        assert bench.store.judgements.events() == []


async def test_a_note_changes_the_note_and_not_the_grade(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("3", "[", "n", "h", "i", "enter")
        assert bench.labels() == ["pass"]
        assert bench.note_of(bench.response(0).id) == "hi"


async def test_an_answer_that_is_still_written_cannot_be_graded(start):
    never = asyncio.Event()
    async with start(lambda _: ["Hel", never]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("3")
        assert bench.store.judgements.events() == []
        await bench.shows("still being written")


async def test_a_stopped_answer_keeps_its_text_and_can_be_graded(start):
    never = asyncio.Event()
    async with start(lambda _: ["Hel", never], count=1) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.slot.phase == "writing")
        await bench.press("escape")
        await bench.until(lambda: bench.slot.phase == "stopped")
        bench.stage.draw_changes()
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("1")
        assert bench.store.judgements.events()[0].level == "fail"
        (response,) = bench.store.responses.all()
        assert (response.text, response.finish_reason) == ("Hel", "cancelled")


async def test_a_failed_answer_cannot_be_graded(start):
    async with start(lambda _: Script((), error="the engine was killed"), count=1) as bench:
        await bench.answered()
        await bench.press("3")
        assert bench.store.judgements.events() == []
        assert "the engine was killed" in bench.text()


async def test_decision_keys_rest_while_the_text_under_them_is_new(start):
    async with start(grace_seconds=1000) as bench:
        await bench.answered()
        await bench.press("3")
        assert bench.store.judgements.events() == []


async def test_one_grade_does_not_hold_up_the_next(start):
    async with start(grace_seconds=1000) as bench:
        await bench.answered()
        bench.screen.judging.grace_seconds = 0.0
        await bench.press("3", "1", "2")
        assert bench.labels() == ["pass", "fail", "partial", None]


async def test_a_grade_that_cannot_be_saved_is_not_shown(start):
    async with start() as bench:
        await bench.answered()
        bench.store._database.execute("PRAGMA query_only = ON")
        await bench.press("3")
        await bench.shows("Not saved")
        assert bench.board.current == 0
        assert "graded 0 of 12" in bench.text()


async def test_everything_is_there_after_a_restart(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("3", "1", "space")
    async with start() as bench:
        await bench.shows("graded 3 of 12")
        assert [answer.text for answer in bench.slots] == ["Hello"] * 4
        assert bench.labels() == ["pass", "fail", None, None]


async def test_a_grade_costs_one_write_and_reads_nothing_that_grows_with_the_database(start):
    async with start() as bench:
        await bench.answered()
        statements: list[str] = []
        bench.store._database.conn.set_trace_callback(statements.append)
        await bench.press("3", "3", "3", "3")
        await bench.until(lambda: bench.session.place == 1)
        bench.stage.draw_changes()
        bench.store._database.conn.set_trace_callback(None)

        assert statements.count("COMMIT") == 4
        assert any(each.startswith("INSERT INTO judgements") for each in statements)
        reads = [each for each in statements if each.lstrip().startswith("SELECT")]
        assert any("in_force" in each for each in reads)
        for read in reads:
            plan = [row["detail"] for row in bench.store.query(f"EXPLAIN QUERY PLAN {read}")]
            assert [line for line in plan if line.startswith("SCAN")] == []


async def test_what_another_window_graded_is_marked_in_the_list_with_the_next_key(start):
    async with start(count=1) as bench:
        await bench.answered()
        await bench.press("3")
        await bench.until(lambda: bench.session.place == 1)
        await bench.answered()
        await bench.press("[")
        item = bench.session.items[1]
        with Store.open(bench.store.path) as other:
            (response,) = other.responses.all(item.task.name, item.prompt.number)
            Judge(other, "mei").decide(response, item, Grade(item.rubric.levels[0]))
        assert mark(bench, 1) == UNGRADED

        await bench.press("1")

        await bench.until(lambda: mark(bench, 1) == WORST)


async def test_a_judgement_that_is_refused_leaves_no_session(start):
    async with start(count=1) as bench:
        await bench.answered()
        bench.store._database.execute("PRAGMA query_only = ON")
        await bench.press("3")
        bench.store._database.execute("PRAGMA query_only = OFF")
        assert [*bench.store.query("SELECT id FROM sessions")] == []

        await bench.press("3")

        assert [each.level for each in bench.store.judgements.events()] == ["pass"]
        assert len([*bench.store.query("SELECT id FROM sessions")]) == 1


def mark(bench, place):
    """Of the first model's answer to the item at this place of the list."""
    marks = bench.screen.query_one(PromptList)._marks[str(place)]
    return marks[0][0] if marks else None


async def test_progress_follows_each_key_where_the_list_has_no_room(start):
    async with start(count=1, size=(80, 24)) as bench:
        await bench.shows("graded 0 of 3")
        await bench.answered()
        await bench.press("3")
        assert "graded 1 of 3" in bench.text()


async def test_a_key_that_decides_writes_once_and_reads_three_rows_at_most(start):
    async with start() as bench:
        await bench.answered()
        await bench.press("1", "u")
        await bench.until(lambda: bench.stage.listing.is_read)
        for key in ("3", "space", "2"):
            statements: list[str] = []
            bench.store._database.conn.set_trace_callback(statements.append)
            bench.app.simulate_key(key)
            await bench.until(lambda found=statements: "COMMIT" in found)
            await bench.pilot.pause()
            bench.store._database.conn.set_trace_callback(None)
            assert statements.count("COMMIT") == 1
            assert sum(each.lstrip().startswith("SELECT") for each in statements) <= 3
        assert bench.labels()[:3] == ["pass", None, "partial"]
