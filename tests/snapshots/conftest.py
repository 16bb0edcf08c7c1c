"""What a screen shows of the machine, the clock and the environment, made the same everywhere."""

from __future__ import annotations

import asyncio
import os
from difflib import unified_diff
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
import pytest
from app.conftest import sit as sit  # a fixture
from app.conftest import start as start  # the fixture
from textual.widgets import TextArea

from tui.app.remembered import remember_theme
from tui.app.screens.models import details, questions
from tui.app.screens.models import screen as models_screen
from tui.engines.events import Finished
from tui.engines.scripted import ScriptedEngine
from tui.grading.times import Times
from tui.memory import fit
from tui.units import GIGABYTE

from .drawing import drawn

if TYPE_CHECKING:
    from app.conftest import Bench

STORED = Path(__file__).parent / "stored"
RENEW = "RENEW_SNAPSHOTS"
SECONDS = 10.0


@pytest.fixture
def tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, by a name that is the same in every run: paths are on the screens."""
    monkeypatch.chdir(tmp_path)
    return Path()


@pytest.fixture(autouse=True)
def same_everywhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember_theme("textual-dark")
    for variable in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LLM_GRADER_MODELS_DIR", "models")
    for module in (models_screen, details, questions):
        monkeypatch.setattr(module, "free_for_models", lambda: 50 * GIGABYTE)
    for module in (models_screen, fit):
        monkeypatch.setattr(module, "free_memory", lambda *_: 6 * GIGABYTE)
    monkeypatch.setattr(fit, "total_memory", lambda: 8 * GIGABYTE)
    monkeypatch.setattr(models_screen, "gpus", lambda: ())
    monkeypatch.setattr(Times, "median", None)
    monkeypatch.setattr(ScriptedEngine, "_events", _with_fixed_times(ScriptedEngine._events))


def _with_fixed_times(events):
    async def fixed(*arguments):
        async for event in events(*arguments):
            if isinstance(event, Finished):
                event = msgspec.structs.replace(
                    event, first_token_seconds=0.2, seconds=1.2, tokens_per_second=40.0
                )
            yield event

    return fixed


@pytest.fixture
def looks_as_stored(request: pytest.FixtureRequest):
    """Wait until the screen is the one in `stored/`, under the test's name; RENEW_SNAPSHOTS=1 stores it."""
    name = request.node.name.removeprefix("test_").replace("[", "-").removesuffix("]")
    file = STORED / f"{name}.txt"

    async def compare(bench: Bench) -> None:
        for area in bench.app.screen.query(TextArea):
            area.cursor_blink = False
        await bench.pilot.pause()
        if os.environ.get(RENEW):
            file.parent.mkdir(exist_ok=True)
            file.write_text(await _settled(bench), encoding="utf-8", newline="\n")
        assert file.exists(), f"{file.name} is not there: make it with {RENEW}=1, and read it"
        expected, end = file.read_text(encoding="utf-8"), monotonic() + SECONDS
        while drawn(bench.app) != expected and monotonic() < end:
            await asyncio.sleep(0.02)
        if (now := drawn(bench.app)) != expected:
            rows = (text.split("\n") for text in (expected, now))
            pytest.fail("\n".join(unified_diff(*rows, file.name, "now", lineterm="")))

    return compare


async def _settled(bench: Bench) -> str:
    """What has stayed the same for a second."""
    before, since = drawn(bench.app), monotonic()
    while monotonic() < since + 1:
        await asyncio.sleep(0.05)
        if (now := drawn(bench.app)) != before:
            before, since = now, monotonic()
    return before
