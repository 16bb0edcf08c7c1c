"""Keys act on the pane that they were meant for, however fast they come and however busy the machine is."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from terminal.scene import Scene
from tui.store.database import Store

TITLES = ("One", "Two", "Three", "Four")
LEVELS = {"1": "fail", "2": "partial", "3": "pass"}
TAB, BACK, UP, DOWN = "\t", "\x1b[Z", "\x1b[A", "\x1b[B"


@contextmanager
def busy(processes):
    """The machine, with so many programs that take all they get."""
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def answered(terminal, count):
    """Every answer of the prompt is there, so many panes of it in view."""
    terminal.shows("no answer yet")
    terminal.press("r")
    terminal.until(lambda: terminal.text.count(" done") == count and terminal.text.count("○") >= len(TITLES))
    assert rests(terminal)


def rests(terminal):
    """Whether the program does next to nothing, once it has drawn what it has to."""
    terminal.until(lambda: not terminal.read(0.3))
    used = [sum(terminal.process.cpu_times()[:2])]
    terminal.read_for(1.0)
    used.append(sum(terminal.process.cpu_times()[:2]))
    return used[1] - used[0] < 0.25


def judgements(database):
    """What each model was given, in the order in which it was stored."""
    with Store.open(database) as store:
        models = {response.id: response.model for response in store.responses.all()}
        events = store.judgements.events()
        return [(models[event.response_id], event.level or event.kind) for event in events]


def ended(terminal):
    assert terminal.quits() == 0


def test_six_tabs_in_one_write_end_on_the_pane_they_lead_to_and_then_nothing_moves(app, tmp_path):
    terminal = app(Scene(titles=TITLES))
    answered(terminal, 4)
    terminal.press(TAB * 6)
    terminal.press("3")
    terminal.shows("graded 1 of 4")
    assert rests(terminal)
    ended(terminal)
    assert judgements(tmp_path / "grades.db") == [("model-3", "pass")]


class Desk:
    """Where the person means to be."""

    def __init__(self, count):
        self.count, self.current, self.given = count, 0, {}

    def move(self, step):
        self.current = (self.current + step) % self.count

    def grade(self, key):
        self.given[self.current] = LEVELS[key]
        judged = (f"model-{self.current + 1}", LEVELS[key])
        order = [(self.current + step) % self.count for step in range(1, self.count + 1)]
        self.current = next((place for place in order if place not in self.given), self.current)
        return judged


@pytest.mark.parametrize("burners", [0, 3])
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
def test_decisions_among_fast_moves_land_where_the_person_meant(app, tmp_path, burners, size):
    chance = random.Random(f"{burners} {size}")
    terminal = app(Scene(titles=TITLES), size=size)
    answered(terminal, 1 if size[0] < 100 else 4)
    desk, meant, decided = Desk(4), [], 0.0
    with busy(burners):
        for number in range(12):
            for _ in range(chance.randint(0, 4)):
                key, step = chance.choice([(TAB, 1), ("l", 1), (BACK, -1), ("h", -1), (UP, 0), (DOWN, 0)])
                terminal.press(key)
                desk.move(step)
                terminal.read_for(chance.uniform(0, 0.08))
            terminal.read_for(max(0.0, decided + chance.uniform(0.2, 0.4) - time.monotonic()))
            if number % 4 == 3:
                terminal.resize(size[0] - number % 3, size[1])
            if size[0] < 100:  # it has to be in view before it can be judged
                terminal.until(lambda: f"▶{'ABCD'[desk.current]} {TITLES[desk.current]}" in terminal.text)
                assert rests(terminal)
            key = chance.choice("123")
            if len(desk.given) == 4:
                break
            terminal.press(key)
            decided = time.monotonic()
            meant.append(desk.grade(key))
        terminal.until(lambda: f"graded {len(desk.given)} of 4" in terminal.text, patience=20)
        ended(terminal)
    assert judgements(tmp_path / "grades.db") == meant
