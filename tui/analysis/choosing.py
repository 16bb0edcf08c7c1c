"""The rows that a person chooses, by the names that figures have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analysis.naming import named
from tui.catalogue.catalogue import nearest
from tui.errors import UsageError
from tui.store.figure_rows import figure_rows
from tui.store.selection import Selection
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.analysis.naming import ModelId
    from tui.analysis.results import Filters
    from tui.store.connection import Connection
    from tui.store.figure_rows import FigureRows


def chosen_rows(store: Connection, filters: Filters) -> FigureRows:
    """Raises UsageError for a task, prompt, grader, model or criterion that nothing stored has."""
    rows = figure_rows(store, Selection(filters.tasks, filters.prompts, graders=filters.graders))
    if filters.criterion:
        _require_criterion(filters.criterion, rows)
    if not filters.models:
        return rows
    models = named(rows.models)
    return rows.of_models({each[:3] for name in filters.models for each in with_name(name, models)})


def with_name(name: str, models: Sequence[ModelId]) -> list[ModelId]:
    """The model that figures call so; where none is, all whose name it is. Raises UsageError."""
    found = [each for each in models if each.label == name]
    if found := found or [each for each in models if each.name == name]:
        return found
    raise UsageError(
        f"no answer is of a model {shown(name)}; {nearest(name, (each.label for each in models))}"
    )


def only_one(name: str, models: Sequence[ModelId]) -> ModelId:
    """The model of that name. Raises UsageError where several have it."""
    found = with_name(name, models)
    if len(found) > 1:
        labels = ", ".join(each.label for each in found)
        raise UsageError(f"several models are called {shown(name)}: name one of {labels}.")
    return found[0]


def _require_criterion(name: str, rows: FigureRows) -> None:
    criteria = {each.criterion for each in rows.grades} | {each.criterion for each in rows.preferences}
    if name not in criteria:
        raise UsageError(
            f"nothing was judged by a criterion {shown(name)}; {nearest(name, sorted(criteria))}"
        )
