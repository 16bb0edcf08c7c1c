"""Which models and prompts a person means."""

from __future__ import annotations

from making import task

from tui.catalogue.catalogue import Catalogue
from tui.catalogue.item import own_task
from tui.catalogue.names import named_models
from tui.catalogue.task import Prompt
from tui.generation.selection import chosen_items, find_runnable


def test_a_model_of_ones_own_by_file_keeps_its_template(tmp_path):
    file = tmp_path / "My Model.gguf"
    file.write_bytes(b"GGUF")
    (own,) = named_models(Catalogue(models=(), tasks=()), [str(file)], "{{ instruction }}")
    subjects_here, problems = find_runnable([own])
    assert own.template == "{{ instruction }}"
    assert [each.weights.path for each in subjects_here] == [file]
    assert problems == []


def test_a_prompt_named_twice_is_run_once():
    code = task("code", 2)
    catalogue = Catalogue(models=(), tasks=(code,))
    chosen = chosen_items(catalogue, ["code"], ["code/1", "code/1"])
    assert [prompt.number for _, prompt in chosen] == [1, 2]


def test_a_run_of_everything_leaves_the_prompts_written_in_the_app_alone():
    own = own_task([Prompt(number=1, title="A fruit", text="Name a fruit.")])
    everything = Catalogue(models=(), tasks=(task("code", 1), own))
    assert [item.name for item in chosen_items(everything, [], [])] == ["code/1"]
    assert [item.name for item in chosen_items(everything, ["own"], [])] == ["own/1"]
