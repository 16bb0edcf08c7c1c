"""Which models and items a person means, and which of the models can run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.item import OWN, items_of
from tui.catalogue.own import own_model
from tui.errors import UsageError, WeightsError
from tui.generation.plan import RunnableModel
from tui.weights.files.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tui.catalogue.catalogue import Catalogue
    from tui.catalogue.item import Item
    from tui.catalogue.model import Model


def chosen_models(
    catalogue: Catalogue, names: Sequence[str], template: str | None = None
) -> tuple[Model, ...]:
    """Models by catalogue name or path of a GGUF file; all of the catalogue when none are named.

    No two have the same name, and a file never that of a catalogue model: what they answer would be taken
    for one model's. `template` is for the files. Raises UsageError for an unknown name, with the nearest one.
    """
    files = list(dict.fromkeys(paths.expanded(name).absolute() for name in names if _is_file_name(name)))
    if template is not None and not files:
        raise UsageError("--template is for a GGUF file named with -m; there is none.")
    if not names:
        return catalogue.models
    own = _own_models(files, template, {model.name for model in catalogue.models})
    models = [
        own[paths.expanded(name).absolute()] if _is_file_name(name) else catalogue.model(name)
        for name in names
    ]
    return tuple(dict.fromkeys(models))


def _own_models(files: Iterable[Path], template: str | None, taken: set[str]) -> dict[Path, Model]:
    found: dict[Path, Model] = {}
    for file in files:
        names = taken | {model.name for model in found.values()}
        found[file] = own_model(file, template, taken=names)
    return found


def find_runnable(models: Iterable[Model]) -> tuple[list[RunnableModel], list[str]]:
    """The models whose weights are on this machine; for each other one a line that says what is missing."""
    runnable_models, problems = [], []
    for model in models:
        try:
            runnable_models.append(RunnableModel(model, locate(model)))
        except WeightsError as error:
            problems.append(str(error))
    return runnable_models, problems


def chosen_items(catalogue: Catalogue, tasks: Sequence[str], prompts: Sequence[str]) -> list[Item]:
    """The items of these tasks and those named `task/number`; all of the catalogue's files when none are
    named, not those that a person wrote in the app."""
    if not tasks and not prompts:
        return [item for task in catalogue.tasks if task.name != OWN for item in items_of(task)]
    whole = [item for name in tasks for item in items_of(catalogue.task(name))]
    named = [catalogue.item(name) for name in prompts]
    return [item for place, item in enumerate(whole + named) if item not in (whole + named)[:place]]


def _is_file_name(name: str) -> bool:
    return name.lower().endswith(".gguf") or "/" in name or "\\" in name


def require_some(runnable_models: Sequence[RunnableModel], problems: Sequence[str]) -> None:
    """Raises WeightsError with every reason when nothing can run."""
    if not runnable_models:
        raise WeightsError(
            "\n  ".join(["no model can run here:", *problems]) if problems[1:] else problems[0]
        )
