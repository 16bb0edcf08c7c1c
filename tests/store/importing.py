"""Imports as the command does them, for the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.catalogue.catalogue import load_catalogue
from tui.store.exchange.foreign import Reading, import_foreign
from tui.store.exchange.import_file import file_format
from tui.store.exchange.items_in_files import task_of_file
from tui.store.exchange.own_import import import_own
from tui.store.exchange.progress import Progress
from tui.store.exchange.source import open_source
from tui.store.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.database import Store
    from tui.store.exchange.foreign import ForeignImported
    from tui.store.exchange.own_import import OwnImported


def rows_of(store: Store) -> dict[str, int]:
    return {
        table.name: next(store.query(f"SELECT count(*) AS rows FROM {table.name}"))["rows"]
        for table in TABLES
    }


def import_export(store: Store, path: Path, *, same_graders: bool | None = None) -> OwnImported:
    with open_source(path) as source:
        assert file_format(source) is None
        return import_own(store, source, Progress(), same_graders=same_graders)


def import_rows(
    store: Store,
    path: Path,
    *,
    as_task: str = "",
    output: Path | None = None,
    progress: Progress | None = None,
    **columns: str,
) -> ForeignImported:
    with open_source(path) as source:
        found = file_format(source)
        assert found is not None
        reading = Reading(
            found, as_task or task_of_file(path), columns, as_items=bool(as_task), output=output
        )
        tasks = load_catalogue().tasks
        return import_foreign(store, source, tasks, reading, progress or Progress(), app_version="0.1.0")
