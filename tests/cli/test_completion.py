"""What a shell is told when a person presses Tab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tui import paths
from tui.store.database import Store

BASH = shutil.which("bash")


@pytest.fixture
def completed(llm_grader, monkeypatch):
    """The choices for the last of the words, as zsh is told them: kind, name and help each on a line."""

    def ask(*words: str) -> list[tuple[str, str]]:
        monkeypatch.setenv("_LLM_GRADER_COMPLETE", "zsh_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["llm-grader", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        code, output, error = llm_grader()
        assert (code, error) == (0, "")
        lines = output.strip().splitlines()
        return list(zip(lines[::3], lines[1::3], strict=True))

    return ask


@pytest.mark.parametrize(
    "words",
    [["-m"], ["demo", "-m"], ["run", "-m"], ["pull"], ["models", "path"], ["models", "verify"]],
    ids=" ".join,
)
def test_a_model_is_completed_wherever_one_is_named(completed, words):
    begun, name = ("smollm2-g", "smollm2-greedy") if "demo" in words else ("mp", "mpt-7b-chat")
    assert completed(*words, begun) == [("plain", name)]


@pytest.mark.parametrize("command", ["grade", "export"])
def test_the_models_of_stored_answers_are_not_completed_for_they_may_be_hidden(
    llm_grader, completed, command
):
    llm_grader("import", "report-2023")
    assert completed(command, "-m", "fal") == []


def test_results_complete_models_as_figures_name_them_but_for_hidden_ones(llm_grader, completed):
    llm_grader("import", "report-2023")
    for words in (["results", "-m"], ["results", "--compare", "mpt-7b-chat@report-2023"]):
        assert completed(*words, "fal") == [("plain", "falcon-40b-instruct@report-2023")]
    with Store.open(paths.database_file()) as store:
        store.sessions.begin("mei", mode="grade", app_version="0", seed=1, blind=True)
    assert completed("results", "-m", "fal") == []


def test_a_model_of_a_file_that_was_named_before_is_among_them(completed, tmp_path):
    file = tmp_path / "models.toml"
    file.write_text('[[models]]\nname = "mine"\ntitle = "Mine"\nsources = [{ path = "x.gguf" }]\n')
    assert completed("run", "--models-file", str(file), "-m", "mi") == [("plain", "mine")]


@pytest.mark.parametrize("begun", ["./", "./fa", "/tmp/x", "~/", "folder/", "nothing-begins-so"])
def test_a_path_that_is_begun_is_completed_as_a_file(completed, begun):
    assert completed("run", "-m", begun) == [("file", begun)]


def test_tasks_and_items_are_completed_and_what_was_written_in_the_app(completed, tmp_path, monkeypatch):
    for place in (paths.database_file(), tmp_path / "named.db", tmp_path / "of the environment.db"):
        with Store.open(place) as store:
            for _ in range(1 + ("named" in place.name) + 2 * ("env" in place.name)):
                store.own_items.add("Say hello", "Say hello.")
    assert completed("run", "-t", "ex") == [("plain", "extractive-qa")]
    assert completed("prompts", "extractive-qa/") == [
        ("plain", "extractive-qa/1"),
        ("plain", "extractive-qa/2"),
    ]
    assert completed("run", "-p", "own") == [("plain", "own/1")]
    assert len(completed("run", "--db", str(tmp_path / "named.db"), "-p", "own")) == 2
    monkeypatch.setenv("LLM_GRADER_DB", str(tmp_path / "of the environment.db"))
    assert len(completed("run", "-p", "own")) == 3


def test_a_mistake_in_a_file_or_a_database_that_is_none_is_silence(completed):
    paths.config_dir().mkdir(parents=True)
    (paths.config_dir() / "models.toml").write_text("[[models]\n")
    assert completed("run", "-m", "mp") == []
    (paths.config_dir() / "models.toml").unlink()
    paths.database_file().parent.mkdir(parents=True)
    paths.database_file().write_text("no database")
    assert completed("run", "-p", "ex") == []


@pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="there is no bash")
def test_bash_completes_after_the_line_that_the_page_on_commands_names(tmp_path):
    program = tmp_path / "llm-grader"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(_LLM_GRADER_COMPLETE=bash_source llm-grader)"\n'
        "COMP_WORDS=(llm-grader run -m falcon-7) COMP_CWORD=3\n"
        "_llm_grader_completion llm-grader\n"
        'echo "${COMPREPLY[@]}"\n'
    )
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run([BASH, "-c", script], capture_output=True, text=True, env=environment)
    assert (done.stdout, done.stderr) == ("falcon-7b-instruct\n", "")
