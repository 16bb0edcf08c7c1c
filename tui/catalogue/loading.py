"""Models and tasks from TOML files. Every mistake in a file is a ConfigError that says where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import tomli

from tui import paths
from tui.catalogue import checks, mistakes
from tui.catalogue.model import Model
from tui.catalogue.task import Task
from tui.errors import ConfigError
from tui.explain import reason_of
from tui.files import read_small
from tui.text import safe_line
from tui.text_files import EncodingError, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

T = TypeVar("T")
_MANY_DIGITS = re.compile(r"[0-9_]{4000,}")


class _ModelsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    models: tuple[Model, ...]


def load_models(path: Path) -> tuple[Model, ...]:
    """The `[[models]]` of a file, in its order. A relative `path` in it starts from the file's own folder."""
    data = _read(path)
    models = _convert(data, _ModelsFile, path).models
    _refuse_first(checks.model_mistakes(models), data, path)
    return tuple(_placed(model, path.parent) for model in models)


def load_task(path: Path) -> Task:
    """One task with its `[[levels]]` and `[[prompts]]`."""
    data = _read(path)
    task = _convert(data, Task, path)
    _refuse_first(checks.task_mistakes(task), data, path)
    return task


def load_tasks(folder: Path) -> tuple[Task, ...]:
    """The tasks of all the `.toml` files in a folder, by their order, then by name."""
    found: dict[str, tuple[Task, Path]] = {}
    for path in _task_files(folder):
        task = load_task(path)
        if task.name in found:
            raise _mistake(path, f'name: the task "{task.name}" is also in {found[task.name][1].name}')
        found[task.name] = task, path
    if not found:
        raise _mistake(folder, "no .toml file is in this folder; a task is one such file")
    return in_order(task for task, _ in found.values())


def read_toml(path: Path, shape: type[T]) -> T:
    """Any TOML file as a typed object."""
    return _convert(_read(path), shape, path)


def is_there(path: Path) -> bool:
    """Whether anything stands there, be it a link to nowhere. Raises ConfigError where nobody can tell."""
    try:
        path.lstat()
        return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _mistake(path, f"cannot be looked up: {reason_of(error)}") from error


def has_tasks(folder: Path) -> bool:
    return is_there(folder) and folder.is_dir() and bool(_task_files(folder))


def in_order(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=lambda task: (task.order, task.name)))


def _task_files(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise _mistake(folder, f"the folder cannot be read: {reason_of(error)}") from error
    return [entry for entry in entries if entry.suffix == ".toml" and not entry.name.startswith(".")]


def _read(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = decoded(read_small(path))
        return tomli.loads(text)
    except OSError as error:
        raise _mistake(path, f"the file cannot be read: {reason_of(error)}") from error
    except EncodingError as error:
        raise _mistake(path, str(error)) from error
    except tomli.TOMLDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _mistake(path, f"{place}: this is not valid TOML: {error.msg}") from error
    except RecursionError as error:
        raise _mistake(path, "this is nested too deeply") from error
    except ValueError as error:  # Python's limit
        found = _MANY_DIGITS.search(text)
        place = f"line {text.count(chr(10), 0, found.start()) + 1}: " if found else ""
        raise _mistake(path, f"{place}a number has thousands of digits") from error


def _convert(data: dict[str, Any], shape: type[T], path: Path) -> T:
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise _mistake(path, mistakes.explain(error, data, shape)) from error


def _refuse_first(found: Iterable[checks.Mistake], data: dict[str, Any], path: Path) -> None:
    for steps, message in found:
        raise _mistake(path, f"{mistakes.where(data, steps)}{message}")


def _mistake(path: Path, message: str) -> ConfigError:
    return ConfigError(safe_line(f"{path}: {message}"))


def _placed(model: Model, folder: Path) -> Model:
    sources = tuple(
        msgspec.structs.replace(source, path=_from(folder, source.path)) for source in model.sources
    )
    adapter = model.adapter and msgspec.structs.replace(model.adapter, path=_from(folder, model.adapter.path))
    return msgspec.structs.replace(model, sources=sources, adapter=adapter)


def _from(folder: Path, path: str) -> str:
    return str((folder / paths.expanded(path)).absolute()) if path else ""
