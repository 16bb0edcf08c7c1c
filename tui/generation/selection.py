"""The items that a person means, and the models that can run here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.catalogue.item import OWN, items_of
from tui.catalogue.task import ImportedPrompt
from tui.errors import WeightsError
from tui.generation.plan import RunnableModel
from tui.weights.files.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.catalogue.catalogue import Catalogue
    from tui.catalogue.item import Item
    from tui.catalogue.model import Model


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
    named, not those that a person imported or wrote in the app."""
    if not tasks and not prompts:
        return [item for task in catalogue.tasks for item in items_of(task) if _is_of_a_file(item)]
    whole = [item for name in tasks for item in items_of(catalogue.task(name))]
    named = [catalogue.item(name) for name in prompts]
    return [item for place, item in enumerate(whole + named) if item not in (whole + named)[:place]]


def _is_of_a_file(item: Item) -> bool:
    return item.task.name != OWN and not isinstance(item.prompt, ImportedPrompt)


def require_some(runnable_models: Sequence[RunnableModel], problems: Sequence[str]) -> None:
    """Raises WeightsError with every reason when nothing can run."""
    if not runnable_models:
        raise WeightsError(
            "\n  ".join(["no model can run here:", *problems]) if problems[1:] else problems[0]
        )
