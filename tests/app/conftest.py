from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from math import inf
from typing import TYPE_CHECKING, Any

import pytest
from making import runnable_models, task

from tui import paths
from tui.app.app import GraderApp
from tui.app.context import AppContext, Opened, live_context
from tui.app.downloads import Downloads
from tui.app.screens.main.board import Board
from tui.app.screens.main.rubric_bar import LevelKey
from tui.app.screens.main.screen import MainScreen
from tui.catalogue.loading import load_tasks
from tui.engines.scripted import ScriptedEngine
from tui.generation.live import LiveResponses
from tui.grading.opening import Shelf
from tui.grading.selection import ToJudge
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tui.app.screens.main.pane import Pane
    from tui.app.screens.main.stage import Stage
    from tui.grading.session import Session
    from tui.grading.sheet import Slot
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord


class Bench:
    """The app on a scripted engine, driven by keys."""

    def __init__(
        self, app: GraderApp, context: AppContext, pilot: Pilot[None], engine: ScriptedEngine, store: Store
    ) -> None:
        self.app = app
        self.context = context
        self.pilot = pilot
        self.engine = engine
        self.store = store

    @property
    def screen(self) -> MainScreen:
        assert isinstance(self.app.screen, MainScreen)
        return self.app.screen

    @property
    def stage(self) -> Stage:
        return self.screen.stage

    @property
    def board(self) -> Board:
        return self.screen.query_one(Board)

    @property
    def session(self) -> Session:
        return self.context.session

    @property
    def slots(self) -> tuple[Slot, ...]:
        """As they are now, drawn or not."""
        sheet = self.session.current()
        return sheet.slots if sheet else ()

    @property
    def slot(self) -> Slot:
        """The one that keys are about."""
        return self.slots[self.board.current]

    def response(self, place: int) -> ResponseRecord:
        known = self.slots[place].known
        assert known and known.response
        return known.response

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until it holds; the suite's time limit ends a wait that never does."""
        while not condition():
            await asyncio.sleep(0.01)

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in self.text())

    async def quits(self, key: str) -> None:
        """Press a key that ends the app; there is no screen left to wait for."""
        self.app.simulate_key(key)
        await self.until(lambda: self.app.return_code is not None)
        assert self.app.return_code == 0

    async def answered(self) -> None:
        """Run the prompt on the screen and wait until every answer is stored and drawn."""
        await self.press("r")
        await self.until(lambda: all(each.phase in ("done", "failed", "stopped") for each in self.slots))
        self.stage.draw_changes()
        await self.until(lambda: all(_noted(pane) for pane in self.board.panes))
        await self.pilot.pause()

    def grade_of(self, response_id: str) -> JudgementRecord | None:
        """The grade or skip of mei that the database has in force."""
        return next((each for each in self._in_force(response_id) if each.kind in ("grade", "skip")), None)

    def note_of(self, response_id: str) -> str | None:
        return next((each.text for each in self._in_force(response_id) if each.kind == "note"), None)

    def _in_force(self, response_id: str) -> list[JudgementRecord]:
        grader = self.store.graders.find("mei")
        return self.store.judgements.of_responses([response_id], grader.id) if grader else []

    @property
    def levels(self) -> list[LevelKey]:
        """The levels on the screen."""
        return [level for level in self.screen.query(LevelKey) if level.display]

    def labels(self) -> list[str | None]:
        """The grade of each answer on the screen as the database has it."""
        found = []
        for slot in self.slots:
            response = slot.known and slot.known.response
            grade = response and self.grade_of(response.id)
            found.append(grade.level if grade else None)
        return found

    def text(self) -> str:
        """What the screen shows, as text."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())


def _noted(pane: Pane) -> bool:
    """Whether the app knows that the pane's answer is on the screen, if there is one to be read."""
    nothing = not pane.rows_in_view or pane.slot is None or not pane.slot.reading
    return nothing or pane.readable_since < inf


def say_hello(_: object) -> list[str]:
    return ["Hel", "lo"]


@pytest.fixture
def start(tmp_path: Path):
    @asynccontextmanager
    async def start_app(
        answers: Any = say_hello,
        *,
        count: int = 4,
        size: tuple[int, int] = (120, 36),
        tasks: Any = None,
        grace_seconds: float = 0.0,
        least_seconds: float = 0.0,
        database: str = "grades.db",
        downloads: Downloads | None = None,
        whole_catalogue: bool = True,
        **options: Any,
    ) -> AsyncIterator[Bench]:
        engine = ScriptedEngine(answers)
        with Store.open(tmp_path / database) as store:
            live = LiveResponses(runnable_models=runnable_models(tmp_path, count), store=store, engine=engine)
            context = live_context(
                title="llm-grader · grader: mei",
                tasks=tasks or (task("code"), task("text", 1)),
                store=store,
                live=live,
                grader="mei",
                downloads=downloads or Downloads(),
                whole_catalogue=whole_catalogue,
            )
            app = GraderApp(
                lambda: Opened(context, **options), grace_seconds=grace_seconds, least_seconds=least_seconds
            )
            async with app.run_test(size=size, notifications=True) as pilot:
                bench = Bench(app, context, pilot, engine, store)
                await bench.until(lambda: isinstance(app.screen, MainScreen) and app.screen.is_mounted)
                await pilot.pause()
                yield bench
                await context.close()

    return start_app


@pytest.fixture
def sit(tmp_path: Path):
    @asynccontextmanager
    async def open_session(
        *tasks: str,
        size: tuple[int, int] = (120, 36),
        grader: str = "mei",
        blind: bool = False,
        kind: type[Shelf] = Shelf,
        **options: Any,
    ) -> AsyncIterator[Bench]:
        """A session over the answers of the report to these tasks; to all of them where none is named."""
        with Store.open(tmp_path / "stored.db") as store:
            import_built_in(store, REPORT, app_version="0")
            shelf = kind(store, load_tasks(paths.bundled("prompts")), grader, blind=blind)
            session = shelf.open(ToJudge(tasks=tasks)).session
            assert session is not None
            context = AppContext("llm-grader · grading", store, session, options="--demo", as_grader="--demo")
            app = GraderApp(lambda: Opened(context, **options), grace_seconds=0, least_seconds=0)
            async with app.run_test(size=size, notifications=True) as pilot:
                bench = Bench(app, context, pilot, ScriptedEngine(say_hello), store)
                await bench.until(lambda: isinstance(app.screen, MainScreen) and app.screen.is_mounted)
                await bench.until(lambda: all(_noted(pane) for pane in bench.board.panes))
                await pilot.pause()
                yield bench

    return open_session
