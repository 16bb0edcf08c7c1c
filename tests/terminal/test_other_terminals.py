from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

APP = (sys.executable, "-m", "tui")


@pytest.mark.parametrize("missing", ["stdin", "stdout"])
def test_without_a_terminal_the_app_refuses_with_one_line(terminal, tmp_path, missing):
    error = tmp_path / "error.txt"
    redirection = "< /dev/null" if missing == "stdin" else f"> {tmp_path / 'output.txt'}"
    shell = terminal("sh", "-c", f'"{sys.executable}" -m tui {redirection} 2> {error}')
    assert shell.ends() == 1
    (line,) = error.read_text().splitlines()
    assert line.startswith("llm-grader: the app needs a terminal")
    assert shell.raw == b""


@pytest.mark.parametrize("command", ["prompts", "models", "--help", "--version", "locate", "models --json"])
def test_a_reader_that_went_away_is_no_traceback(command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*APP, *command.split()], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert done.stderr == ""


PLAIN = ({"TERM": "dumb"}, {"TERM": "vt100"}, {"TERM": ""}, {"NO_COLOR": "1"}, {"LC_ALL": "C"})


@pytest.mark.parametrize(
    "environment",
    [{"TERM": "dumb"}, {"TERM": "vt100"}, {"TERM": ""}, {"NO_COLOR": "1"}, {"LC_ALL": "C"}],
    ids=str,
)
def test_a_plain_terminal_shows_the_same_words(app, environment):
    terminal = app(environment=environment)
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("Hello") == 4)
    terminal.press("3")
    terminal.shows("graded 1 of 4", "pass ✓", "1  fail", "q Quit")
    terminal.press("q")
    assert terminal.ends() == 0


def test_no_color_draws_nothing_in_colour(app):
    terminal = app(environment={"NO_COLOR": "1"})
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("q")
    assert terminal.ends() == 0
    colours = re.findall(rb"\x1b\[[\d;]*(?:38|48);(?:5;(\d+)|2;(\d+;\d+;\d+))", terminal.raw)
    assert all(grey(*colour) for colour in colours)


def grey(index, rgb):
    """Whether a colour of the 256, or of 24 bits, has no hue."""
    if rgb:
        return len(set(rgb.split(b";"))) == 1
    return int(index) in (0, 7, 8, 15, 16, 59, 102, 145, 188, 231) or int(index) >= 232
