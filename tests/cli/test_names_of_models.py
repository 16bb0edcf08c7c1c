"""Every command that takes a MODEL takes the same names."""

from __future__ import annotations

import pytest
from tiny_gguf import write_tiny

from tui import paths

COMMANDS = [("run", "-m"), ("pull",), ("models", "verify"), ("models", "path"), ("models", "remove")]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", ["TheBloke/Llama-2-7B-GGUF", "hf:o/r:Q4_K_M", "https://huggingface.co/o/r"])
def test_a_repository_of_the_hub_is_one_line_that_says_what_to_do_instead(llm_grader, command, name):
    code, output, error = llm_grader(*command, name)
    assert (code, output) == (2, "")
    *_, last = error.splitlines()
    assert name in last
    assert "cannot be fetched by name yet: download one of its GGUF files and name that" in last
    assert "no such file" not in error


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_name_that_nothing_has_is_told_with_those_there_are(llm_grader, command):
    code, _, error = llm_grader(*command, "falcon")
    assert code == 2
    assert 'there is no model "falcon"; did you mean falcon-40b-instruct or falcon-7b-instruct?' in error


def test_a_file_can_be_pulled_verified_and_found_like_a_model_of_the_catalogue(llm_grader, tmp_path):
    file = write_tiny(tmp_path / "tiny.gguf")
    assert llm_grader("models", "path", str(file))[:2] == (0, f"{file}\n")
    assert llm_grader("models", "verify", str(file))[0] == 0
    assert llm_grader("pull", str(file))[0] == 0
    code, _, error = llm_grader("models", "path", str(tmp_path / "none.gguf"))
    assert (code, error) == (1, f"llm-grader: none: no such file: {tmp_path / 'none.gguf'}\n")


def test_a_file_is_removed_from_the_models_folder_and_from_no_other(llm_grader, tmp_path):
    paths.models_dir().mkdir(parents=True)
    ours, own = write_tiny(paths.models_dir() / "ours.gguf"), write_tiny(tmp_path / "own.gguf")
    code, output, _ = llm_grader("models", "remove", str(ours))
    assert (code, output, ours.exists()) == (0, f"removed {ours}\n", False)
    code, _, error = llm_grader("models", "remove", str(own))
    assert (code, own.exists()) == (1, True)
    assert f"{own} is not in the models folder and stays" in error
