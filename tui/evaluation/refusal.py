"""Why a model is not loaded, by the names the catalogue has for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.memory.fit import Fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.evaluation.plan import Subject
    from tui.memory.plan import Plan


def explainer(subjects: Iterable[Subject]) -> Callable[[str, Plan], str]:
    """For `LlamaEngine`: the line for the weights at a path."""
    by_path = {str(subject.weights.path): subject for subject in subjects}

    def explain(path: str, plan: Plan) -> str:
        if subject := by_path.get(path):
            return Fit(subject.model, subject.weights.source, plan).line
        return plan.line(Path(path).name)

    return explain
