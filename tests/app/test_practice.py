"""Practice before a session, on the screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from tui import paths
from tui.app.app import GraderApp
from tui.app.context import AppContext, Opened
from tui.app.screens.dialogs.end import EndScreen
from tui.app.screens.dialogs.practice import LessonScreen, OfferScreen, PracticeEndScreen
from tui.app.screens.history.screen import HistoryScreen
from tui.app.screens.main.screen import MainScreen
from tui.catalogue.loading import load_tasks
from tui.engines.scripted import ScriptedEngine
from tui.grading.opening import Shelf
from tui.grading.overview import Progress
from tui.grading.practice import Practice
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

from .conftest import Bench, say_hello

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36)])


@pytest.fixture
def practise(tmp_path: Path):
    @asynccontextmanager
    async def open_session(
        *tasks: str, size: tuple[int, int] = (80, 24), wanted: bool = False
    ) -> AsyncIterator[Bench]:
        """What `llm-grader grade` opens over the answers of the report to these tasks."""
        with Store.open(tmp_path / "stored.db") as store:
            import_built_in(store, REPORT, app_version="0")
            shelf = Shelf(store, load_tasks(paths.bundled("prompts")), "mei", blind=True)
            session = shelf.open(ToJudge(tasks=tasks)).session
            assert session is not None
            practice = Practice(store, "mei", session, wanted=wanted)
            context = AppContext(
                "llm-grader · grading", store, session, as_grader="--grader mei", practice=practice
            )
            app = GraderApp(lambda: Opened(context), grace_seconds=0, least_seconds=0)
            async with app.run_test(size=size, notifications=True) as pilot:
                bench = Bench(app, context, pilot, ScriptedEngine(say_hello), store)
                await bench.until(lambda: bench.context.session is not None and len(app.screen_stack) > 1)
                await bench.until(lambda: app.screen.is_mounted)
                await pilot.pause()
                yield bench

    return open_session


async def is_at(bench: Bench, screen: type) -> None:
    await bench.until(lambda: isinstance(bench.app.screen, screen) and bench.app.screen.is_mounted)
    await bench.pilot.pause()


async def decide(bench: Bench, key: str) -> None:
    """About the practice answer on the screen, up to its lesson."""
    await is_at(bench, MainScreen)
    await bench.until(lambda: bench.screen.judging.readable)
    await bench.press(key)
    await is_at(bench, LessonScreen)


def judged(bench: Bench) -> list[tuple[str | None, bool]]:
    mei = bench.store.graders.find("mei")
    return [(each.level, each.practice) for each in bench.store.judgements.events(grader_id=mei.id)]


@SIZES
async def test_a_newcomer_is_asked_practises_and_then_the_session_begins(practise, size):
    async with practise(size=size) as bench:
        await is_at(bench, OfferScreen)
        assert "5 practice answers come with these tasks." in bench.text()
        assert "p Practise first" in bench.text()
        await bench.press("p")
        for number in range(1, 6):
            await decide(bench, "1")
            await bench.shows(f"graded {number} of 5")
            text = bench.text()
            assert "As given: fail." in text or "Not as given: you gave fail, it is given" in text
            assert "Go on" in text
            await bench.press("2", "3", "space")  # what is left of haste
            assert isinstance(bench.app.screen, LessonScreen)
            await bench.press("enter")

        await is_at(bench, PracticeEndScreen)
        result = bench.app.screen_stack[-2].context.session.result
        await bench.shows(f"Practice: {result.words}.")
        await bench.press("enter")
        await is_at(bench, MainScreen)
        await bench.shows("graded 0 of 30")
        assert "blind" in bench.text()
        assert judged(bench) == [("fail", True)] * 5
        await bench.until(lambda: bench.screen.judging.readable)
        await bench.press("3")
        await bench.until(lambda: bench.session.progress() == Progress(1, 30))
        assert judged(bench)[-1] == ("pass", False)


async def test_who_is_in_a_hurry_begins_with_one_key_and_is_not_asked_again(practise):
    async with practise("text-classification") as bench:
        await is_at(bench, OfferScreen)
        assert "1 practice answer comes with these tasks." in bench.text()
        said = str(bench.app.screen.query_one("VerticalScroll Static", Static).content)
        assert "llm-grader grade --practice --grader mei does them" in said
        await bench.press("1", "3")  # no answer was seen yet
        await bench.press("enter")
        await is_at(bench, MainScreen)
        await bench.shows("graded 0 of 7")
        assert judged(bench) == []
    async with practise() as again:
        await is_at(again, MainScreen)


async def test_undo_leads_back_and_the_lesson_comes_again(practise):
    async with practise(wanted=True) as bench:
        await decide(bench, "1")
        await bench.press("enter", "u")
        await bench.shows("Took back: fail")
        await bench.shows("graded 0 of 5")
        await decide(bench, "3")
        assert [level for level, _ in judged(bench)] == ["fail", None, "pass"]
        await bench.press("enter")
        await is_at(bench, MainScreen)
        await bench.press("H")
        await is_at(bench, HistoryScreen)
        await bench.shows("pass")


async def test_there_is_nobody_to_hide_or_reveal_in_practice(practise):
    async with practise(wanted=True) as bench:
        await is_at(bench, MainScreen)
        ids = {each.binding.id for each in bench.screen.active_bindings.values() if each.enabled}
        assert not ids & {"blind", "reveal"}
        await bench.press("b", "B", "i")
        names = {row["title"] for row in bench.store.query("SELECT title FROM models")} - {"Practice"}
        assert [name for name in names if name in bench.text()] == []
        assert list(bench.store.query("SELECT 1 FROM reveals")) == []


async def test_the_end_can_be_left_for_the_answers_and_comes_again_and_the_result_stands_at_the_end(practise):
    async with practise("text-classification", wanted=True) as bench:
        await decide(bench, "1")
        await bench.press("enter")
        await is_at(bench, PracticeEndScreen)
        await bench.press("escape", "full_stop")
        await is_at(bench, PracticeEndScreen)
        await bench.press("enter")
        for _ in range(7):
            await is_at(bench, MainScreen)
            await bench.until(lambda: bench.screen.judging.readable)
            await bench.press("1")
        await is_at(bench, EndScreen)
        assert "7 graded · 0 skipped" in bench.text()
        assert "Practice: 1 of 1 as given." in bench.text()


async def test_practice_can_be_left_for_good(practise):
    async with practise(wanted=True) as bench:
        await decide(bench, "1")
        await bench.press("enter")
        await is_at(bench, MainScreen)
        await bench.quits("q")
        assert bench.context.practice.is_unfinished
