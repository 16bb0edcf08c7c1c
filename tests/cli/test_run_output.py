from __future__ import annotations

from typing import TYPE_CHECKING

from making import runnable_models, task
from store import make

from tui.catalogue.item import items_of
from tui.cli.run_output import RunOutput
from tui.engines.events import Waiting
from tui.generation.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_log_says_once_what_all_lanes_wait_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = task("code", 2)
    planned = list(plan(runnable_models(tmp_path, 1), items_of(code)))
    output = RunOutput(as_json=False)

    for why in ("the app is answering", "another llm-grader holds the memory"):
        for number, each in enumerate(planned, 1):
            output.progress(number, len(planned), each, Waiting(why=why))

    printed = capsys.readouterr()
    assert printed.err.splitlines() == [
        "waiting: the app is answering",
        "waiting: another llm-grader holds the memory",
    ]
    assert printed.out == ""


def test_what_a_blind_session_asks_is_answered_without_a_word_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (planned,) = plan(runnable_models(tmp_path, 1), items_of(task("code", 1)))
    response = make.response(make.new_id(), text="its very words", tokens=987_654)
    for as_json in (False, True):
        for hides in (False, True):
            output = RunOutput(as_json=as_json)
            output.hides = lambda _, hides=hides: hides
            output.response(1, 1, planned, response)
    told = capsys.readouterr().out.splitlines()
    assert [("its very words" in line, "987654" in line) for line in told] == [
        (True, True),
        (False, False),
        (True, True),
        (False, False),
    ]
    assert told[1].startswith("[1/1] model-1 code/1: written; the answer is hidden")
