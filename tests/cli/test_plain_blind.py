"""Plain mode in a blind session: the guess, the look, the reveal, and what is said on leaving."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from cli.test_plain import grade as grade  # the fixture
from cli.test_plain import typed as typed  # the fixture
from tui import paths
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = ("3",) * 30
NAMED = re.compile("alpaca-|mpt-|openassistant|falcon", re.IGNORECASE)


def rows(sql: str) -> list[tuple[object, ...]]:
    with Store.open(paths.database_file(), create=False) as store:
        return [tuple(row.values()) for row in store.query(sql)]


def naming(output: list[str]) -> list[str]:
    return [line for line in output if NAMED.search(line)]


def test_the_end_names_the_ways_on_and_no_model(grade: Callable[..., list[str]]) -> None:
    output = grade(*ALL)
    assert "Who wrote what is hidden. B shows it, for good, after a question." in output
    ways = output.index("Everything is graded. u takes back, q leaves.")
    assert [line[:2] for line in output[ways + 1 : ways + 4]] == ["G ", "B ", "A "]
    assert naming(output) == []


def test_guesses_are_lines_and_what_came_of_them_is_told_after_the_reveal(
    grade: Callable[..., list[str]],
) -> None:
    output = grade(*ALL, "B", "G", "G 1 - 2 9", "G 1 1 1", "B yes", "i", "G")
    assert "You have not guessed who wrote what: G guesses first." in output
    assert "Nothing was done. B yes does it." in output
    assert sum(line.startswith("Who wrote this? ") for line in output) == 5
    assert output.count("Your guess is kept.") == 5
    assert "There is no model 9." in output
    assert len(rows("SELECT DISTINCT response_id FROM guesses")) == 5
    assert len(rows("SELECT * FROM reveals")) == 1
    assert any(re.fullmatch(r"You guessed \d of 5; by chance it would be \d\.\d\.", line) for line in output)
    assert any(re.match(r"Answer A of \d: .", line) for line in output)
    assert "There is nothing to guess now." in output


def test_a_look_asks_once_is_recorded_and_names_nobody(grade: Callable[..., list[str]]) -> None:
    output = grade(*ALL, "A", "A yes", "A", "A 2", "1")
    assert output.count("Look at the report's grades now?") == 2
    assert sum(line.startswith("Your grades and the report's: ") for line in output) == 2
    assert naming(output) == []
    assert rows("SELECT looked_into, judged, planned FROM looks") == [("others", 30, 30)] * 2
    assert rows("SELECT occasion FROM judgements WHERE level = 'fail' AND active_seconds IS NOT NULL") == [
        ("after_others",)
    ]


def test_a_level_with_the_letter_a_is_still_given_by_it(grade: Callable[..., list[str]]) -> None:
    output = grade("A", "b", "g")
    assert "No report has graded what you have graded." in output
    assert rows("SELECT * FROM reveals") == []


def test_who_named_models_is_told_of_none_on_leaving_a_blind_session(llm_grader, typed, monkeypatch) -> None:
    with Store.open(paths.database_file()) as store:
        import_built_in(store, REPORT, app_version="0.1.0")
    words = ("grade", "--plain", "-m", "mpt-7b-chat", "--grader", "mei lin")
    monkeypatch.setattr(sys, "argv", ["llm-grader", *words])
    typed("3", "q")
    _, output, _ = llm_grader(*words)
    assert naming(output.splitlines()) == []
    (id_,) = rows("SELECT id FROM sessions WHERE mode = 'grade'")[0]
    again = f"grade --session {id_[:13]} --plain --grader 'mei lin'"
    assert f"llm-grader {again} goes on there." in output
    typed("q")
    assert llm_grader("grade", "--session", id_[:13], "--plain", "--grader", "mei lin")[0] == 0


def test_where_nothing_is_left_the_commands_that_are_named_are_of_the_same_grader(
    grade: Callable[..., list[str]], llm_grader
) -> None:
    grade(*ALL)
    _, _, said = llm_grader("grade", "--plain", "--grader", "mei")
    (id_,) = rows("SELECT id FROM sessions WHERE mode = 'grade'")[0]
    assert f"To look back: llm-grader grade --session {id_[:13]} --grader mei\n" in said
    assert "What the grades say: llm-grader results" in said
    assert "llm-grader grade --again --grader mei\n" in said
    code, _, said = llm_grader("grade", "--plain", "--grader", "ada", "--session", id_[:13])
    assert code == 2
    assert "the one that does is of mei: --grader says who you are" in said
