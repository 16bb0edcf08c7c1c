"""Practice and controls in plain mode."""

from __future__ import annotations

import re

import pytest
from making import task

from tui import paths
from tui.store.database import Store
from tui.store.exchange.built_in import REPORT
from tui.store.exchange.importing import import_built_in

from .test_plain import answers, grade, typed  # noqa: F401 - fixtures

OFFER = "5 practice answers come with these tasks: "


def practised() -> list[tuple[str | None, bool]]:
    with Store.open(paths.database_file(), create=False) as store:
        mei = store.graders.find("mei")
        return [(each.level, each.practice) for each in store.judgements.events(grader_id=mei.id)]


@pytest.fixture
def practise(llm_grader, typed):  # noqa: F811
    """Type lines to `llm-grader grade --plain --practice` over the answers of the report; its lines."""
    with Store.open(paths.database_file()) as store:
        import_built_in(store, REPORT, app_version="0.1.0")

    def run(*lines: str, options: tuple[str, ...] = ()) -> list[str]:
        typed(*lines)
        code, output, error = llm_grader("grade", "--plain", "--grader", "mei", "--practice", *options)
        assert (code, error) == (0, "")
        return output.splitlines()

    return run


def test_after_each_of_five_a_line_says_what_it_is_given_and_then_the_session_begins(practise):
    output = practise("1", "1", "1", "1", "1", ".", "3", "q")

    verdicts = [line for line in output if re.match(r"(As|Not as) given: ", line)]
    assert len(verdicts) == 5
    assert sum(line.startswith("Why: ") for line in output) == 5
    same = sum(line == "As given: fail." for line in verdicts)
    assert (
        f"Practice: {same} of 5 as given. A full stop . begins the session, u takes back, q leaves." in output
    )
    assert output.index("0 of 5 practice answers are graded, 5 are left.") < output.index(
        "0 of 30 answers are graded, 30 are left."
    )
    assert practised() == [("fail", True)] * 5 + [("pass", False)]
    assert output[-1].startswith("1 of 30 answers are graded, 29 are left.")


def test_undo_and_notes_are_as_usual_and_what_was_left_goes_on(practise):
    output = practise("1", "u", "3", "n hm", "q")
    assert "Took back: fail." in output
    assert output[-1].startswith("1 of 5 practice answers are graded, 4 are left.")
    assert output[-1].endswith("--practice goes on there.")

    again = practise("1", "1", "1", "1", ".", "q")
    assert "1 of 5 practice answers are graded, 4 are left." in again
    assert "0 of 30 answers are graded, 30 are left." in again
    third = practise("q")
    assert not any("practice" in line for line in third)


def test_a_newcomer_is_told_once_and_no_line_is_taken_for_an_answer(grade):  # noqa: F811
    output = grade("1")
    (told,) = [line for line in output if line.startswith(OFFER)]
    assert told.endswith("--practice does them first.")
    assert practised() == [("fail", False)]
    assert not any(line.startswith(OFFER) for line in grade("1"))


def test_practice_keeps_to_the_tasks_that_are_graded(practise):
    output = practise("1", ".", "q", options=("-t", "text-classification"))
    assert "0 of 1 practice answers are graded, 1 are left." in output
    assert "0 of 7 answers are graded, 7 are left." in output


def test_the_result_stands_at_the_end_of_the_session(practise):
    output = practise("1", ".", *"1111111", options=("-t", "text-classification"))
    end = output.index("Everything is graded. u takes back, q leaves.")
    assert output[end + 1] == "Practice: 1 of 1 as given."


def test_where_there_is_nothing_to_practise_on_one_line_says_so(llm_grader, typed):  # noqa: F811
    of = task()
    with Store.open(paths.database_file()) as store:
        answers(store, of, "yes")
    typed("q")
    code, output, error = llm_grader("grade", "--plain", "--practice")
    assert (code, error) == (0, "No practice answers come with these tasks.\n")
    assert "0 of 2 answers are graded, 2 are left." in output
