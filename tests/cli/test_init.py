from __future__ import annotations

import pytest

from tui import paths
from tui.catalogue.catalogue import load_catalogue


def test_what_init_writes_is_read_without_a_mistake(llm_grader, tmp_path):
    folder = tmp_path / "new" / "my files"
    code, output, error = llm_grader("init", str(folder))
    catalogue = load_catalogue(models_file=folder / "models.toml", prompts_dir=folder / "prompts")
    assert code == 0
    assert output.splitlines() == [str(folder / "models.toml"), str(folder / "prompts" / "my-task.toml")]
    assert f"llm-grader --models-file '{folder}/models.toml' --prompts-dir '{folder}/prompts'" in error
    assert str(paths.config_dir()) in error
    assert catalogue.model("my-model").sources[0].path == str(folder / "my-model.gguf")
    assert [criterion.name for criterion in catalogue.task("my-task").rubric.criteria] == ["right", "natural"]
    assert catalogue.item("my-task/1").rubric.criterion.levels[1].anchor == "says that beginnings are hard"
    asked = catalogue.item("my-task/1").prompt
    assert (len(asked.practice), len(asked.controls)) == (1, 1)


def test_examples_in_the_configuration_folder_are_found_without_being_named(llm_grader):
    code, _, error = llm_grader("init", str(paths.config_dir()))
    assert (code, "--models-file" in error) == (0, False)
    assert load_catalogue().task("my-task").title == "My task"
    assert "my-model" in llm_grader("models", "--json")[1]


@pytest.mark.parametrize("file", ["models.toml", "prompts/my-task.toml"])
def test_what_exists_is_named_and_nothing_is_written(llm_grader, tmp_path, monkeypatch, file):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / file).write_text("mine")
    code, output, error = llm_grader("init")
    assert (code, output) == (1, "")
    assert error == f"llm-grader: {file} exists already, and nothing is overwritten: name another folder\n"
    assert [path.read_text() for path in tmp_path.rglob("*.toml")] == ["mine"]


def test_a_folder_that_cannot_be_written_is_one_line(llm_grader, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, error = llm_grader("init", str(tmp_path / "file" / "within"))
    assert (code, error.count("\n")) == (1, 1)
