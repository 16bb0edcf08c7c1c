"""All that can be run and asked: what ships with the program, and what a person adds to it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui import paths
from tui.catalogue.item import OWN, Item
from tui.catalogue.loading import has_tasks, in_order, load_models, load_tasks
from tui.errors import UsageError
from tui.toml.mistakes import shown
from tui.toml.reading import is_there

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.catalogue.model import Model
    from tui.catalogue.task import Task

T = TypeVar("T", "Model", "Task")
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The lookups raise UsageError with the nearest names."""

    models: tuple[Model, ...]
    tasks: tuple[Task, ...]

    def model(self, name: str) -> Model:
        for model in self.models:
            if model.name == name:
                return model
        raise _unknown("model", name, (model.name for model in self.models))

    def task(self, name: str) -> Task:
        for task in self.tasks:
            if task.name == name:
                return task
        if name == OWN:
            raise UsageError("no prompt was written in the app yet; `llm-grader` writes one")
        raise _unknown("task", name, (task.name for task in self.tasks))

    def item(self, name: str) -> Item:
        """The item with this task and number, for example `code-generation/2`."""
        task_name, slash, number = name.partition("/")
        if not slash:
            raise UsageError(
                f"{shown(name)} is not a prompt; name it by task and number, as in code-generation/2"
            )
        task = self.task(task_name)
        for prompt in task.prompts:
            if str(prompt.number) == number:
                return Item(task, prompt)
        raise _unknown("prompt", name, (f"{task.name}/{prompt.number}" for prompt in task.prompts))


def load_catalogue(
    *, demo: bool = False, models_file: Path | None = None, prompts_dir: Path | None = None
) -> Catalogue:
    """Load what ships with the program, then the configuration folder's, then the files named here.

    A later model or task replaces an earlier one of the same name. The demo has models of its own and leaves
    those of the configuration folder out. Raises ConfigError.
    """
    return Catalogue(
        models=_merged(load_models(path) for path in _model_files(demo, models_file)),
        tasks=in_order(_merged(load_tasks(folder) for folder in _prompt_folders(prompts_dir))),
    )


def _model_files(demo: bool, named: Path | None) -> Iterator[Path]:
    yield Path(__file__).parent / "demo.toml" if demo else paths.bundled("models.toml")
    own = paths.config_dir() / "models.toml"
    if not demo and is_there(own):
        yield own
    if named:
        yield named


def _prompt_folders(named: Path | None) -> Iterator[Path]:
    yield paths.bundled("prompts")
    own = paths.config_dir() / "prompts"
    if has_tasks(own):
        yield own
    if named:
        yield named


def _merged(groups: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    merged: dict[str, T] = {}
    for group in groups:
        merged.update({entry.name: entry for entry in group})
    return tuple(merged.values())


def nearest(name: str, known: Iterable[str]) -> str:
    """What to name instead of a name that is none."""
    names = list(known)
    begun = [each for each in names if each.startswith(name)]
    if near := begun or difflib.get_close_matches(name, names):
        return f"did you mean {' or '.join(near)}?"
    more = f", and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"there are {', '.join(names[:_MOST_NAMED]) or 'none'}{more}"


def _unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    return UsageError(f"there is no {kind} {shown(name)}; {nearest(name, known)}")
