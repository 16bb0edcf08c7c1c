"""Why a model is not loaded, by the names the catalogue has for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.memory.fit import Fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.generation.plan import RunnableModel
    from tui.memory.plan import Plan


def explainer(runnable_models: Iterable[RunnableModel]) -> Callable[[str, Plan], str]:
    """For `LlamaEngine`: the line for the weights at a path."""
    by_path = {str(runnable.weights.path): runnable for runnable in runnable_models}

    def explain(path: str, plan: Plan) -> str:
        if runnable := by_path.get(path):
            return Fit(runnable.model, runnable.weights.source, plan).line
        return plan.line(Path(path).name)

    return explain
