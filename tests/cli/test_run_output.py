from __future__ import annotations

from typing import TYPE_CHECKING

from making import runnable_models, task

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
