"""Ctrl-Z leaves the terminal to the shell, and coming back finds everything as it was."""

from __future__ import annotations

import signal

import psutil

from terminal.escapes import foreign
from terminal.scene import Answer, Scene


def test_ctrl_z_suspends_and_grading_goes_on_after_it(app):
    terminal = app(Scene([Answer(["a whole answer"])]))
    terminal.shows("no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("a whole answer") == 4)
    before = len(terminal.raw)
    terminal.press("\x1a")
    terminal.until(lambda: terminal.process.status() == psutil.STATUS_STOPPED)
    while terminal.read():
        pass
    assert b"\x1b[?1049l" in terminal.raw[before:]
    terminal.send_signal(signal.SIGCONT)
    terminal.shows("a whole answer", "graded 0 of 4")
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    assert terminal.quits() == 0
    assert foreign(terminal.raw) == []
