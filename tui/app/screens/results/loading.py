"""The figures, counted by a connection of their own: in a thread, so that the app goes on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.analysis.results import results
from tui.store.database import Store
from tui.store.figure_rows import figure_rows
from tui.store.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    from tui.analysis.results import Filters, Results
    from tui.store.exchange.masking import BlindSession
    from tui.store.figure_rows import GraderRow


class Counted(NamedTuple):
    """The results of a selection, and what its reader may see of them."""

    results: Results
    judged: dict[str, set[str]]
    """By which criteria the reader has judged each response, by its id."""
    tasks: dict[str, str]
    """Titles by name, of all that can be chosen."""
    graders: dict[str, GraderRow]
    """By id."""
    hidden: tuple[BlindSession, ...]

    def judged_by(self, criterion: str) -> set[str]:
        """The responses that the reader has judged by a criterion."""
        return {id_ for id_, criteria in self.judged.items() if criterion in criteria}


def count(path: Path, grader_id: str, filters: Filters) -> Counted:
    """Raises StoreError, and UsageError where what was chosen is not there any more."""
    with Store.open(path, create=False) as store:
        rows = figure_rows(store, Selection(tasks=filters.tasks, graders=filters.graders))
        return Counted(
            results(rows, filters),
            store.progress.judged(grader_id) if grader_id else {},
            {row["name"]: row["title"] for row in store.query(_TASKS)},
            rows.graders,
            rows.hidden,
        )


_TASKS = """
SELECT task AS name, coalesce(max(task_title), task) AS title FROM items
WHERE task IN (SELECT task FROM responses) GROUP BY task ORDER BY task"""
