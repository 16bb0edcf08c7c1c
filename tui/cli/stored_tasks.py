"""The catalogue with the tasks that the database holds: imported items, and prompts written in the app."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.store.database import DEFAULT_TIMEOUT, Store

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.catalogue import Catalogue


def with_stored_tasks(catalogue: Catalogue, database: Path, *, timeout: float = DEFAULT_TIMEOUT) -> Catalogue:
    """Makes no database: where there is none, nothing was imported or written in the app yet."""
    if not database.exists():
        return catalogue
    with Store.open(database, create=False, timeout=timeout) as store:
        tasks = store.all_tasks(catalogue.tasks)
    return replace(catalogue, tasks=tasks if tasks[-1].prompts else tasks[:-1])
