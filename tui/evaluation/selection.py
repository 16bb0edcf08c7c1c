"""Which models and prompts a person means, and which of the models can run here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.catalogue.own import own_model
from tui.errors import WeightsError
from tui.evaluation.plan import Subject
from tui.weights.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.catalogue.catalogue import Catalogue
    from tui.catalogue.model import Model
    from tui.catalogue.task import Prompt, Task


def chosen_models(
    catalogue: Catalogue, names: Sequence[str], template: str | None = None
) -> tuple[Model, ...]:
    """Models by catalogue name or path of a GGUF file; all of the catalogue when none are named.

    `template` is for the files. Raises UsageError for an unknown name, with the nearest one.
    """
    if not names:
        return catalogue.models
    models = [
        own_model(Path(name), template) if _is_file_name(name) else catalogue.model(name) for name in names
    ]
    return tuple(dict.fromkeys(models))


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
