"""Which models and prompts a person means, and which of the models can run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import paths
from tui.catalogue.own import own_model
from tui.errors import UsageError, WeightsError
from tui.evaluation.plan import Subject
from tui.weights.files.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tui.catalogue.catalogue import Catalogue
    from tui.catalogue.model import Model
    from tui.catalogue.task import Prompt, Task


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


def runnable(models: Iterable[Model]) -> tuple[list[Subject], list[str]]:
    """The models whose weights are on this machine; for each other one a line that says what is missing."""
    subjects, problems = [], []
    for model in models:
        try:
            subjects.append(Subject(model, locate(model)))
        except WeightsError as error:
            problems.append(str(error))
    return subjects, problems


def chosen_prompts(
    catalogue: Catalogue, tasks: Sequence[str], prompts: Sequence[str]
) -> list[tuple[Task, Prompt]]:
    """The prompts of these tasks and those named `task/number`; all of the catalogue when none are named."""
    if not tasks and not prompts:
        return [(task, prompt) for task in catalogue.tasks for prompt in task.prompts]
    whole = [(task, prompt) for name in tasks for task in [catalogue.task(name)] for prompt in task.prompts]
    named = [catalogue.prompt(name) for name in prompts]
    return [pair for place, pair in enumerate(whole + named) if pair not in (whole + named)[:place]]


def _is_file_name(name: str) -> bool:
    return name.lower().endswith(".gguf") or "/" in name or "\\" in name


def require_some(subjects: Sequence[Subject], problems: Sequence[str]) -> None:
    """Raises WeightsError with every reason when nothing can run."""
    if not subjects:
        raise WeightsError(
            "\n  ".join(["no model can run here:", *problems]) if problems[1:] else problems[0]
        )
