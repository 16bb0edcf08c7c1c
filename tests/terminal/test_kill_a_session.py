"""A session over stored answers, killed again and again: what was shown stands, what was undone does not."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import sys
import time

from tui.app.pace import LEAST_SECONDS
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

KILLS = int(os.environ.get("KILLS_OF_A_SESSION", "12"))
LONGEST_LIFE = 2.5
"""Seconds of grading; at which moment of them the kill comes is drawn by lot."""
LABELS = {"1": "fail", "2": "partial", "3": "pass"}
READING = 0.3
"""Seconds for which an answer must have been in view, with a margin."""


class Expected:
    """The labels that stand, oldest first, and those that a redo brings back."""

    def __init__(self, stands=(), undone=()):
        self.stands, self.undone = list(stands), list(undone)

    def after(self, key):
        found = Expected(self.stands, self.undone)
        if key in LABELS:
            found.stands.append(LABELS[key])
            found.undone = []
        elif key == "u" and found.stands:
            found.undone.append(found.stands.pop())
        elif key == "U" and found.undone:
            found.stands.append(found.undone.pop())
        return found


def standing(database):
    """The labels that mei's judgements in force give, in the order in which they were given."""
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute(
            "SELECT response_id, level FROM in_force JOIN graders ON graders.id = grader_id"
            " WHERE graders.kind = 'person' ORDER BY seq"
        ).fetchall()
    assert len({response for response, _ in rows}) == len(rows)
    return [level for _, level in rows]


def judge_until_killed(terminal, expected, chance, life):
    """Press keys as a person may; what was shown to be judged, and what may have become of the last key."""
    killed_at = time.monotonic() + life
    pressed = expected
    while time.monotonic() < killed_at:
        terminal.read_for(min(LEAST_SECONDS + READING, killed_at - time.monotonic()))
        key = chance.choice("123123uU")
        pressed = expected.after(key)
        if len(pressed.stands) == len(expected.stands):
            continue  # nothing to take back, or to bring back
        terminal.press(key)
        shown = f"graded {len(pressed.stands)} of"
        while shown not in terminal.text and time.monotonic() < killed_at:
            terminal.read(0.005)
        if shown not in terminal.text:
            break
        expected = pressed
    terminal.kill()
    while terminal.read():
        pass
    return expected, pressed


def test_a_session_goes_on_after_kill_9_with_what_was_shown(terminal, tmp_path):
    database = tmp_path / "grades.db"
    chance = random.Random(2023)
    expected, most = Expected(), 0
    for _ in range(KILLS):
        if len(expected.stands) > 20 or not database.exists():
            database = tmp_path / f"{chance.random()}.db"
            expected = Expected()
            with Store.open(database) as store:
                import_built_in(store, REPORT, app_version="0.1.0")
                store.sessions.begin("mei", mode="practice", app_version="0.1.0")  # it was offered
        started = terminal(
            sys.executable, "-m", "tui", "grade", "--grader", "mei", "--db", database, size=(80, 24)
        )
        started.shows(f"graded {len(expected.stands)} of 30", "▶")
        shown, pressed = judge_until_killed(started, expected, chance, chance.uniform(0, LONGEST_LIFE))
        found = standing(database)
        assert found in (shown.stands, pressed.stands)
        expected = shown if found == shown.stands else pressed
        most = max(most, len(found))
        assert re.search(r"graded \d+ of 30", started.text)
    assert most > KILLS / 6  # else the kills came before the grades, and nothing was tested
