from __future__ import annotations

import asyncio
import random
import re
import sqlite3
import time

import msgspec
from making import LEVELS, runnable_models

from terminal.scene import Scene, ScenePrompt
from tui.app.pace import LEAST_SECONDS
from tui.catalogue.item import Item
from tui.catalogue.task import Prompt, Task
from tui.engines.scripted import ScriptedEngine
from tui.generation.batch import Batch
from tui.generation.plan import plan
from tui.store.database import Store

KILLS = 50
PROMPTS = 12
"""Prompts at each start: more than can be graded before the kill."""
LONGEST_LIFE = 1.0
"""Seconds of grading; at which moment of them the kill comes is drawn by lot."""
MARKS = {"1": "✗", "2": "~", "3": "✓"}
LABELS = {"✗": "fail", "~": "partial", "✓": "pass"}


class Quiet:
    """An observer that says nothing."""

    def __getattr__(self, _):
        return lambda *_: None


def scene(start):
    prompts = [ScenePrompt(f"of start {start:02}", f"do {start}-{number}") for number in range(PROMPTS)]
    return Scene(titles=("One",), prompts=prompts)


def answer_all(database, folder):
    """Store what the app would, for the prompts of every start."""
    prompts = (prompt for start in range(KILLS) for prompt in scene(start).prompts)
    numbered = tuple(
        Prompt(number=number, **msgspec.structs.asdict(prompt)) for number, prompt in enumerate(prompts, 1)
    )
    task = Task(name="code", title="Code", levels=LEVELS, prompts=numbered)
    with Store.open(database) as store:
        planned = list(plan(runnable_models(folder, 1), [Item(task, prompt) for prompt in numbered]))
        engine = ScriptedEngine(lambda _: ["an answer"])
        asyncio.run(Batch(planned, store=store, engine=engine).run(Quiet()))


def shown_grades(terminal):
    """Label by prompt number, as the marks in the list of prompts have it."""
    rows = re.findall(r"│ +(\d+) of start \d\d +([✗~✓])│", terminal.text)
    return {int(number): LABELS[mark] for number, mark in rows}


def grade_until_killed(terminal, keys, life):
    """Press the next key once the screen shows the grade before, as fast as a person may; what it showed when
    the kill came."""
    killed_at = time.monotonic() + life
    for done, key in enumerate(keys):
        terminal.press(key)
        while f"graded {done + 1} of" not in terminal.text and time.monotonic() < killed_at:
            terminal.read(0.005)
        terminal.read_for(min(LEAST_SECONDS, killed_at - time.monotonic()))
        if time.monotonic() >= killed_at:
            break
    terminal.kill()
    while terminal.read():
        pass
    header = re.search(r"graded (\d+) of", terminal.text)
    return int(header[1]), shown_grades(terminal)


def stored_grades(database, start):
    """Label by prompt number, as the database has it, which must be sound."""
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Store.open(database) as store:
        labels = {event.response_id: event.level for event in store.judgements.events()}
        texts = {each.id: each.rendered_prompt for each in store.responses.all()}
    graded = {texts[response]: label for response, label in labels.items()}
    prompts = enumerate((prompt.text for prompt in scene(start).prompts), 1)
    return {number: graded[text] for number, text in prompts if text in graded}


def test_no_grade_that_was_on_the_screen_is_lost_by_kill_9(app, tmp_path):
    database = tmp_path / "grades.db"
    answer_all(database, tmp_path)
    chance = random.Random(7337)
    counts = []
    for start in range(KILLS):
        keys = chance.choices(list(MARKS), k=PROMPTS - 1)
        with app(scene(start), size=(100, 24)) as terminal:
            terminal.shows(f"graded 0 of {PROMPTS}", "done")
            count, shown = grade_until_killed(terminal, keys, chance.uniform(0, LONGEST_LIFE))
        stored = stored_grades(database, start)
        assert shown.items() <= stored.items()
        assert count <= len(stored) <= count + 1
        assert [LABELS[MARKS[key]] for key in keys[: len(stored)]] == list(stored.values())
        counts.append(len(shown))
    assert sum(counts) > KILLS  # else the kills came before the grades, and nothing was tested
