import os
from pathlib import Path

import msgspec
import pytest
from hostile_templates import MEMORY, TIME
from tasks_in_toml import PROMPT, TASK

from tui.catalogue.loading import load_models, load_task, load_tasks
from tui.catalogue.task import Task
from tui.errors import ConfigError
from tui.toml.reading import read_toml

MODEL = """
[[models]]
name = "falcon-7b"
title = "Falcon"
licence = "Apache-2.0"
"""
SOURCE = """
[[models.sources]]
repo = "someone/falcon"
file = "falcon.gguf"
"""
MISTAKES_IN_MODELS = {
    "toml syntax": (
        'models = [\nname "x"',
        "line 2, column 1: this is not valid TOML: Invalid value",
    ),
    "nested without end": ("a = " + "[" * 5000, "this is nested too deeply"),
    "a number without end": (f"a = 1\nb = {'9' * 9001}", "line 2: a number has thousands of digits"),
    "no models": ("", 'the key "models" is missing'),
    "another top-level key": ("[[model]]", 'unknown key "model", did you mean "models"?'),
    "models not a list": ("models = 1", "models: expected a list of tables, found 1"),
    "one table in single brackets": ("[models]", "models: expected a list of tables, found a table"),
    "unknown key": (
        MODEL + "tempature = 1" + SOURCE,
        'models[0] (falcon-7b): unknown key "tempature", did you mean "template"?',
    ),
    "unknown key below": (
        MODEL + "sampling = { tempature = 1 }" + SOURCE,
        'models[0] (falcon-7b).sampling: unknown key "tempature", did you mean "temperature"?',
    ),
    "unknown key unlike any other": (
        MODEL + "checkpoint = { xyz = 1 }" + SOURCE,
        'models[0] (falcon-7b).checkpoint: unknown key "xyz"; '
        "allowed: repo, revision, size_gb, converted_gb, note",
    ),
    "text for a number": (
        MODEL + 'sampling = { temperature = "hot" }' + SOURCE,
        'models[0] (falcon-7b).sampling.temperature: expected a number from 0 to 10, found "hot"',
    ),
    "out of range": (
        MODEL + "sampling = { top_p = 1.5 }" + SOURCE,
        "models[0] (falcon-7b).sampling.top_p: expected a number from 0 to 1, found 1.5",
    ),
    "not a number": (
        MODEL + "sampling = { temperature = nan }" + SOURCE,
        "models[0] (falcon-7b).sampling.temperature: expected a number from 0 to 10, found nan",
    ),
    "exclusive lower end": (
        MODEL + "sampling = { repeat_penalty = 0 }" + SOURCE,
        "models[0] (falcon-7b).sampling.repeat_penalty: expected a number above 0 to 10, found 0",
    ),
    "larger than the engine counts": (
        MODEL + "context_length = 99999999999999999999999" + SOURCE,
        "models[0] (falcon-7b).context_length: expected a whole number from 16 to 2147483647, "
        "found 99999999999999999999999",
    ),
    "true for a text": (
        MODEL + "template = true" + SOURCE,
        "models[0] (falcon-7b).template: expected a text, found true",
    ),
    "date for a text": (
        MODEL + "note = 2023-06-01" + SOURCE,
        "models[0] (falcon-7b).note: expected a text, found the date or time 2023-06-01",
    ),
    "empty stop text": (
        MODEL + 'stop_texts = ["###", ""]' + SOURCE,
        'models[0] (falcon-7b).stop_texts[1]: expected a text that is not empty, found ""',
    ),
    "text for a list": (
        MODEL + 'stop_texts = "###"' + SOURCE,
        'models[0] (falcon-7b).stop_texts: expected a list of texts, found "###"',
    ),
    "number for a truth": (
        MODEL + "non_commercial = 1" + SOURCE,
        "models[0] (falcon-7b).non_commercial: expected true or false, found 1",
    ),
    "missing key": (
        MODEL.replace('title = "Falcon"', "") + SOURCE,
        'models[0] (falcon-7b): the key "title" is missing',
    ),
    "name with a space": (
        MODEL.replace("falcon-7b", "falcon 7b") + SOURCE,
        "models[0] (falcon 7b).name: expected at most 64 of the characters a-z 0-9 . _ -, a letter or digit "
        'first, found "falcon 7b"',
    ),
    "name with a line break": (
        MODEL.replace("falcon-7b", "falcon\\n") + SOURCE,
        "models[0] (falcon ).name: expected at most 64 of the characters a-z 0-9 . _ -, a letter or digit "
        'first, found "falcon\\n"',
    ),
    "hash too short": (
        MODEL + SOURCE + 'sha256 = "abc"',
        'models[0] (falcon-7b).sources[0].sha256: expected 64 lower-case hexadecimal digits, found "abc"',
    ),
    "source without a place": (
        MODEL + '[[models.sources]]\nfile = "x.gguf"',
        "models[0] (falcon-7b).sources[0]: a source names exactly one of repo, package or path",
    ),
    "source with two places": (
        MODEL + SOURCE + 'path = "x.gguf"',
        "models[0] (falcon-7b).sources[0]: a source names exactly one of repo, package or path",
    ),
    "repository without a file": (
        MODEL + '[[models.sources]]\nrepo = "x/y"',
        "models[0] (falcon-7b).sources[0]: a source with a repo also names the file in it",
    ),
    "neither source nor checkpoint": (
        MODEL,
        "models[0] (falcon-7b): a model needs at least one source, or a checkpoint to convert",
    ),
    "adapter without files": (
        MODEL + 'adapter = { repo = "x/y" }' + SOURCE,
        "models[0] (falcon-7b).adapter: an adapter with a repo also names the files in it",
    ),
    "a name twice": (
        MODEL + SOURCE + MODEL + SOURCE,
        'models[1] (falcon-7b).name: "falcon-7b" is taken by models[0] already',
    ),
    "template that is not Jinja": (
        MODEL + 'template = """one\ntwo\n{{ three"""' + SOURCE,
        "models[0] (falcon-7b).template: line 3 of the chat template: unexpected end of template, "
        "expected 'end of print statement'.",
    ),
    "template with an unknown filter": (
        MODEL + 'template = "{{ input | shout }}"' + SOURCE,
        "models[0] (falcon-7b).template: line 1 of the chat template: No filter named 'shout'.",
    ),
}


@pytest.mark.parametrize(("content", "message"), MISTAKES_IN_MODELS.values(), ids=MISTAKES_IN_MODELS.keys())
def test_a_mistake_in_a_models_file_is_explained(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError) as refusal:
        load_models(file)

    assert str(refusal.value) == f"{file}: {message}"


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    file.write_bytes(b'name = "sums"\ntitle = "Br\xfcche"\n')

    with pytest.raises(ConfigError) as refusal:
        load_task(file)

    assert str(refusal.value) == f"{file}: line 2: this is not UTF-8 text; save the file as UTF-8"


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.toml: the file cannot be read: there is no such file"):
        load_models(tmp_path / "none.toml")


def test_a_folder_in_place_of_a_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the file cannot be read: a folder, not a file$"):
        load_models(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who can be refused")
def test_an_unreadable_file_is_explained(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.touch(mode=0)

    with pytest.raises(ConfigError, match=r"the file cannot be read: permission denied"):
        load_models(file)


def test_a_missing_prompts_folder_is_explained(tmp_path: Path) -> None:
    folder = tmp_path / "none"

    with pytest.raises(ConfigError) as refusal:
        load_tasks(folder)

    assert str(refusal.value) == f"{folder}: the folder cannot be read: there is no such file or folder"


def test_a_prompts_folder_without_tasks_is_explained(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    with pytest.raises(ConfigError) as refusal:
        load_tasks(tmp_path)

    assert str(refusal.value) == f"{tmp_path}: no .toml file is in this folder; a task is one such file"


def test_a_task_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TASK)
    (tmp_path / "b.toml").write_text(TASK)

    with pytest.raises(ConfigError) as refusal:
        load_tasks(tmp_path)

    assert str(refusal.value) == f'{tmp_path / "b.toml"}: name: the task "sums" is also in a.toml'


def test_hostile_text_in_a_file_does_not_reach_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    file.write_text(TASK.replace('name = "sums"', 'name = "\\u001b[2Jx\\u202e\\u009b"'), encoding="utf-8")

    with pytest.raises(ConfigError) as refusal:
        load_task(file)

    assert str(refusal.value).isprintable()


def test_a_long_value_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    file.write_text(TASK.replace('"sums"', '"' + "S" * 10_000 + '"'))

    with pytest.raises(ConfigError) as refusal:
        load_task(file)

    assert len(str(refusal.value)) < 300 + len(str(file))


def test_a_byte_order_mark_and_dos_line_ends_are_read(tmp_path: Path) -> None:
    file = tmp_path / "sums.toml"
    file.write_bytes(b"\xef\xbb\xbf" + (TASK + PROMPT).replace("\n", "\r\n").encode())

    assert load_task(file).prompts[0].text == "What is 1 + 1?"


def test_tasks_come_in_their_order_then_by_name(tmp_path: Path) -> None:
    for name, order in (("b", 2), ("a", 2), ("c", 1)):
        content = f"order = {order}\n" + TASK.replace('name = "sums"', f'name = "{name}"')
        (tmp_path / f"{name}.toml").write_text(content)
    (tmp_path / "._a.toml").write_bytes(b"\x00\xff")

    assert [task.name for task in load_tasks(tmp_path)] == ["c", "a", "b"]


def test_a_relative_path_starts_from_the_folder_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(MODEL + '[[models.sources]]\npath = "weights/own.gguf"')

    (model,) = load_models(file)

    assert model.sources[0].path == str(tmp_path / "weights" / "own.gguf")


def test_any_typed_file_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "task.toml"
    file.write_text(TASK)

    assert read_toml(file, Task).name == "sums"


def test_reading_a_models_file_computes_nothing_of_its_templates(tmp_path: Path) -> None:
    """Jinja computes constants when it compiles: these would take all memory, or years."""
    file = tmp_path / "models.toml"
    for template in [*MEMORY.values(), *TIME.values()]:
        file.write_text(f"{MODEL}template = {msgspec.json.encode(template).decode()}\n{SOURCE}")

        assert load_models(file)[0].template == template
