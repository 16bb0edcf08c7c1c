from __future__ import annotations

import random

from terminal.escapes import foreign
from terminal.scene import Answer, Scene

SIZES = 100


def test_a_storm_of_resizes_while_four_answers_stream_leaves_the_app_alive(app):
    chance = random.Random(7337)
    sizes = [(chance.randint(1, 250), chance.randint(1, 80)) for _ in range(SIZES - 4)]
    terminal = app(Scene([Answer(["word ", "漢字 ", "line\n"], times=1_000_000, pause=0.002)]))
    terminal.shows("graded 0 of 4", "no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count("writing") == 4)
    for columns, rows in [(1, 1), *sizes[:48], (500, 200), (2, 1), *sizes[48:], (1, 1)]:
        terminal.resize(columns, rows)
        before = len(terminal.raw)
        terminal.until(lambda start=before: len(terminal.raw) > start)
    terminal.resize(120, 36)
    terminal.until(lambda: terminal.text.count("writing") == 4 and terminal.text.count("word") > 4)
    terminal.shows("graded 0 of 4", "1  fail", "q Quit")
    terminal.press("\x1b")
    terminal.shows("stopped")
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    terminal.press("q")
    terminal.shows("Answers are still being written")
    terminal.press("y")
    assert terminal.ends() == 0
    assert foreign(terminal.raw) == []
