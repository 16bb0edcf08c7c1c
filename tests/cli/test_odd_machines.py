"""`run` on machines where llama.cpp crashes: the first command answers, or says once what is wrong."""

from __future__ import annotations

import json
import sys

import pytest
from odd_machine import command

from tui import paths
from tui.engines.llama.engine import LlamaEngine
from tui.engines.llama.layouts import Layouts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins die of signals")
ONE = ("run", "--demo", "-m", "smollm2-raw", "-p", "code-generation/1", "--json")


@pytest.fixture
def machine(monkeypatch):
    """From here on workers run on a machine of this kind, of which nothing is known yet."""
    Layouts().file.unlink(missing_ok=True)
    return lambda kind: monkeypatch.setitem(LlamaEngine.__init__.__kwdefaults__, "command", command(kind))


def loads():
    return len(list(paths.log_dir().glob("worker-*.log")))


def test_the_first_command_answers_where_every_batch_crashes_with_extra_layouts(llm_grader, machine):
    machine("amx")
    code, output, error = llm_grader(*ONE)
    [response] = map(json.loads, output.splitlines())
    assert code == 0
    assert "crash" not in error
    assert (response["finish_reason"], response["extra_layouts"]) == ("stop", False)
    assert loads() == 2

    code, _, _ = llm_grader(*ONE, "--seed", "7")
    assert (code, loads()) == (0, 3)
    rows = llm_grader("export", "--demo", "--what", "responses", "--format", "jsonl")[1].splitlines()
    assert [json.loads(row)["extra_layouts"] for row in rows] == [False, False]


def test_weights_that_always_crash_are_told_of_once_and_the_rest_is_left_out(llm_grader, machine):
    machine("batches")
    code, output, error = llm_grader("run", "--demo", "-m", "smollm2-raw", "--parallel", "1")
    assert (code, output) == (1, "")
    [line] = [line for line in error.splitlines() if "crashed" in line]
    assert str(paths.log_dir()) in line
    assert "`llm-grader doctor` says what works here" in line
    assert "left out: 8 more that need the weights of smollm2-raw" in error
    assert loads() == 2


def test_one_kill_while_loading_costs_no_answer(llm_grader, machine, tmp_path):
    machine(f"{tmp_path / 'killed'}:1")
    code, output, error = llm_grader(*ONE)
    assert (code, len(output.splitlines())) == (0, 1)
    assert "killed" not in error
