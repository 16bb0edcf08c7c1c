"""What `results` says of graders."""

from __future__ import annotations

import json

import pytest
from store import marks

from tui import paths
from tui.analysis.habits import BY_CHANCE
from tui.store.database import Store


@pytest.fixture
def store():
    with Store.open(paths.database_file()) as opened:
        yield opened


def test_agreement_and_habits_come_after_the_figures_of_models(llm_grader, store):
    of = marks.graded(store, {"sure": "pppfpappff", "poor": "ffaffpffaf"})
    again = marks.begun(store, "Jürgen")
    marks.give(store, again, of, {"sure": "pppfppppff", "poor": "ffaffpffa."})
    store.sessions.reveal(again.id)
    lines = llm_grader("results")[1].splitlines()
    agreed = lines[lines.index("Agreement") + 1 :]
    assert agreed[0].startswith("  mei and Jürgen agree on 18 of 19 answers: 0.95 [0.")
    assert "; alpha 0." in agreed[0]
    assert agreed[0].endswith("], tentative")
    assert agreed[1] == "  Graded differently: 1 answer. t in the app leads to them."
    habits = lines[lines.index("Habits") + 1 :]
    assert habits[0] == f"  {BY_CHANCE}"
    (people,) = json.loads(llm_grader("results", "--json")[1])["kinds"]
    (between,) = people["agreement"]
    assert (between["graders"], between["same"], between["answers"]) == (["mei", "Jürgen"], 18, 19)
    assert [each["given"] for each in people["disagreements"]] == [[["mei", "partial"], ["Jürgen", "pass"]]]
    assert [each["grader"] for each in people["habits"]] == ["mei", "Jürgen"]


def test_of_one_grader_nothing_is_said_of_agreement(llm_grader, store):
    marks.graded(store, {"sure": "ppp", "poor": "fff"})
    assert "Agreement" not in llm_grader("results")[1]
