"""The catalogue with the prompts that a person wrote in the app."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui.store.database import DEFAULT_TIMEOUT, Store

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.catalogue import Catalogue


def with_own_items(catalogue: Catalogue, database: Path, *, timeout: float = DEFAULT_TIMEOUT) -> Catalogue:
    """Makes no database: where there is none, nothing was written in the app yet."""
    if not database.exists():
        return catalogue
    with Store.open(database, create=False, timeout=timeout) as store:
        own = store.own_items.task()
    return replace(catalogue, tasks=(*catalogue.tasks, own)) if own.prompts else catalogue
