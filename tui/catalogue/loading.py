"""Models and tasks from TOML files. Every mistake in a file is a ConfigError that says where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui import paths
from tui.catalogue.model import Model
from tui.catalogue.task import Task
from tui.catalogue.validation import model_mistakes, task_mistakes
from tui.explain import reason_of
from tui.toml.reading import is_there, mistake_in, read_table, refuse_first, typed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class _ModelsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    models: tuple[Model, ...]


def load_models(path: Path) -> tuple[Model, ...]:
    """The `[[models]]` of a file, in its order. A relative `path` in it starts from the file's own folder."""
    data = read_table(path)
    models = typed(data, _ModelsFile, path).models
    refuse_first(model_mistakes(models), data, path)
    return tuple(_placed(model, path.parent) for model in models)


def load_task(path: Path) -> Task:
    """One task with its `[[levels]]` and `[[prompts]]`. A prompt without a number has that of its place."""
    data = read_table(path)
    task = typed(data, Task, path)
    refuse_first(task_mistakes(task), data, path)
    prompts = (
        msgspec.structs.replace(prompt, number=prompt.number or place)
        for place, prompt in enumerate(task.prompts, 1)
    )
    return msgspec.structs.replace(task, prompts=tuple(prompts))


def load_tasks(folder: Path) -> tuple[Task, ...]:
    """The tasks of all the `.toml` files in a folder, by their order, then by name."""
    found: dict[str, tuple[Task, Path]] = {}
    for path in _task_files(folder):
        task = load_task(path)
        if task.name in found:
            raise mistake_in(path, f'name: the task "{task.name}" is also in {found[task.name][1].name}')
        found[task.name] = task, path
    if not found:
        raise mistake_in(folder, "no .toml file is in this folder; a task is one such file")
    return in_order(task for task, _ in found.values())


def has_tasks(folder: Path) -> bool:
    return is_there(folder) and folder.is_dir() and bool(_task_files(folder))


def in_order(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=lambda task: (task.order, task.name)))


def _task_files(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise mistake_in(folder, f"the folder cannot be read: {reason_of(error)}") from error
    return [entry for entry in entries if entry.suffix == ".toml" and not entry.name.startswith(".")]


def _placed(model: Model, folder: Path) -> Model:
    sources = tuple(
        msgspec.structs.replace(source, path=_from(folder, source.path)) for source in model.sources
    )
    adapter = model.adapter and msgspec.structs.replace(model.adapter, path=_from(folder, model.adapter.path))
    return msgspec.structs.replace(model, sources=sources, adapter=adapter)


def _from(folder: Path, path: str) -> str:
    return str((folder / paths.expanded(path)).absolute()) if path else ""
