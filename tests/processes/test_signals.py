"""What a signal does to a program, wherever it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

START = """
import os, signal, sys, time
from contextlib import suppress
from tui.processes.signals import exit_code, first_calls, interrupting, listen
def say(text): os.write(1, text.encode() + b"\\n")
listen()
"""


@contextmanager
def program(code, **options):
    """A program that has said that it is ready."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", START + code]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **options
    ) as run:
        assert run.stdout.readline() == b"ready\n"
        yield run


def ended(run, seconds=10):
    """Exit code and everything that it said since."""
    output, error = run.communicate(timeout=seconds)
    return run.returncode, (output + error).decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_ends_the_program_at_once_also_while_the_main_thread_waits(number):
    with program("say('ready'); os.read(os.pipe()[0], 1)") as run:
        run.send_signal(number)
        assert ended(run) == (128 + number, "")


def test_one_that_was_ignored_at_the_start_stays_ignored():
    with program("say('ready'); time.sleep(0.5); say('done')", preexec_fn=ignore_hup) as run:
        run.send_signal(signal.SIGHUP)
        assert ended(run) == (0, "done\n")


def ignore_hup():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


TIDYING = """
with interrupting():
    try:
        say('ready')
        time.sleep(60)
    finally:
        say('tidied')
"""


def test_where_there_is_something_to_tidy_it_raises_in_the_main_thread():
    with program(f"try:\n    exec({TIDYING!r})\nexcept KeyboardInterrupt:\n    sys.exit(exit_code())") as run:
        run.send_signal(signal.SIGTERM)
        assert ended(run) == (143, "tidied\n")


LOST = """
class Slow:
    def __del__(self):
        say('ready')
        time.sleep(60)
with interrupting():
    Slow()
    time.sleep(60)
"""


def test_raised_where_python_can_only_report_it_it_ends_the_program_without_a_word():
    with program(LOST) as run:
        run.send_signal(signal.SIGTERM)
        assert ended(run) == (143, "")


CALLING = """
with first_calls(lambda number: say(f'told of {number}')):
    say('ready')
    for _ in range(30):
        time.sleep(0.1)
sys.exit(exit_code())
"""


def test_a_window_that_is_closed_tells_twice_what_is_one_wish():
    with program(CALLING) as run:
        run.send_signal(signal.SIGHUP)
        assert run.stdout.readline() == b"told of 1\n"
        run.send_signal(signal.SIGHUP)
        run.send_signal(signal.SIGTERM)
        assert ended(run) == (129, "")


def test_a_second_wish_ends_the_program_at_once():
    with program(CALLING.replace("range(30)", "range(300)")) as run:
        run.send_signal(signal.SIGTERM)
        assert run.stdout.readline() == b"told of 15\n"
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(0.7)
        run.send_signal(signal.SIGTERM)
        assert ended(run) == (143, "")


def test_streams_that_were_closed_stay_closed():
    look = """
closed = []
for stream in range(3):
    try:
        os.fstat(stream)
    except OSError:
        closed.append(stream)
sys.exit(sum(closed) * 10)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        ["sh", "-c", '"$0" -c "$1" <&- >&- 2>&-', sys.executable, START + look], env=environment
    )
    assert run.returncode == 30
