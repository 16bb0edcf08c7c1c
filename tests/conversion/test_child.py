"""A step of a conversion ends with whoever asked for it, and takes what it started along."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from tui.conversion.child import ChildFailedError, lines_of
from tui.weights.control import Control
from tui.weights.errors import StoppedError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="process groups")

WITH_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid, flush=True)
child.wait()
"""
PARENT = """
import sys
from pathlib import Path
from tui.conversion.child import lines_of
from tui.weights.control import Control
for line in lines_of("with_a_child", [], log=Path(sys.argv[1]), control=Control()):
    print(line, flush=True)
"""


@pytest.fixture
def importable(tmp_path, monkeypatch):
    """Modules that a step can be."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "with_a_child.py").write_text(WITH_A_CHILD)
    return tmp_path


def gone(pid):
    try:
        process = psutil.Process(pid)
        process.wait(timeout=20)
    except psutil.NoSuchProcess:
        return True
    return not process.is_running()


def test_stopping_ends_the_step_and_its_children(importable):
    control = Control()
    lines = lines_of("with_a_child", [], log=importable / "log", control=control)
    pid = int(next(lines).split()[1])
    control.stop()
    with pytest.raises(StoppedError):
        next(lines)
    assert gone(pid)


def test_killing_the_program_ends_the_step_and_its_children(importable):
    command = [sys.executable, "-c", PARENT, str(importable / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        pid = int(program.stdout.readline().split()[1])
        program.kill()
    assert gone(pid)


def failure(folder, code):
    (folder / "failing.py").write_text(code)
    with pytest.raises(ChildFailedError) as raised:
        list(lines_of("failing", [], log=folder / "log", control=Control(), errors_too=True))
    return str(raised.value)


def test_the_line_that_names_the_error_is_quoted(importable):
    said = failure(
        importable, "import sys, atexit\natexit.register(print, 'bye')\nraise ValueError('no such thing')"
    )
    assert said == f"ValueError: no such thing (more in {importable / 'log'})"
    assert "bye" in (importable / "log").read_text()


def test_a_step_that_was_killed_says_so(importable):
    said = failure(
        importable, "import os, signal\nprint('half', flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    assert said.startswith("its process was ended (SIGKILL), perhaps for want of memory")
