"""Import of what another program wrote as CSV or JSON lines: answers, or items without answers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from tui.errors import UsageError
from tui.store.exchange.answers import AnswersOfFile
from tui.store.exchange.columns import ANSWERS, ITEMS, Columns
from tui.store.exchange.items_in_files import ExpectedError, ItemsOfFile, imported_prompt
from tui.store.exchange.rows import csv_rows, json_rows
from tui.store.exchange.task_file import write_task_file
from tui.store.ids import id_of, now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.store.database import Store
    from tui.store.exchange.progress import Progress
    from tui.store.exchange.rows import Row
    from tui.store.exchange.source import Source

Format = Literal["csv", "jsonl"]
_ROWS: dict[Format, Callable[[Source], Iterator[Row]]] = {"csv": csv_rows, "jsonl": json_rows}


@dataclass(frozen=True)
class Reading:
    """How a file of another program is read."""

    file_format: Format
    task: str
    """Where what nothing knows is to go."""
    columns: Mapping[str, str]
    """The columns that a person named, by what they hold."""
    as_items: bool = False
    """Rows without a model are items of the task."""
    output: Path | None = None
    """Where to write a task file of the items."""


class ForeignImported(NamedTuple):
    rows: int = 0
    """0 where this file was imported in this way before."""
    answers: int = 0
    models: int = 0
    prompts: int = 0
    """Prompts that the answers are to."""
    new_items: int = 0


def import_foreign(
    store: Store,
    source: Source,
    tasks: tuple[Task, ...],
    reading: Reading,
    progress: Progress,
    *,
    app_version: str,
) -> ForeignImported:
    """All rows, or none. `tasks` are those of files. RowError names a row that does not fit."""
    importing = _Importing(store, source, tasks, reading, app_version)
    with store.transaction():
        done = ForeignImported() if importing.was_done() else importing.run(progress)
        if reading.output:
            write_task_file(store, reading.task, reading.output)
    return done


class _Importing:
    """One import, inside a transaction. Its ids follow from the file and from how it is read, so that they
    are the same in every database."""

    def __init__(
        self, store: Store, source: Source, tasks: tuple[Task, ...], reading: Reading, app_version: str
    ) -> None:
        self._store = store
        self._source = source
        self._tasks = tasks
        self._reading = reading
        self._app_version = app_version
        self._sha256 = source.sha256()
        task = reading.task if reading.as_items else ""
        asked = msgspec.json.encode([task, sorted(reading.columns.items())])
        self._id = id_of("import", self._sha256, asked.decode())

    def was_done(self) -> bool:
        return bool(self._store.tuples("SELECT 1 FROM imports WHERE id = ?", [self._id]))

    def run(self, progress: Progress) -> ForeignImported:
        rows = _ROWS[self._reading.file_format](self._source)
        first = next(rows, None)
        if first is None:
            raise self._source.mistake("no row comes after it", max(self._source.line, 1))
        self._begin()
        items = ItemsOfFile(self._store, self._tasks, self._reading.task)
        holds_answers = not self._reading.as_items or self._has_model(first)
        add = self._answers(items) if holds_answers else self._items(items)
        count = 0
        for row in chain([first], rows):
            add(row)
            count += 1
            progress.row(self._source)
        done = ForeignImported(rows=count, new_items=items.made)
        return self._counted(done) if holds_answers else done

    def _has_model(self, row: Row) -> bool:
        if "model" in self._reading.columns:
            return True
        return "model" in Columns(self._source, {"model": ANSWERS["model"]}, {}).of(row)

    def _begin(self) -> None:
        row = {
            "id": self._id,
            "imported_at": now(),
            "file": self._source.path.name,
            "sha256": self._sha256,
            "format": self._reading.file_format,
            "app_version": self._app_version,
        }
        self._store.insert("imports", row)

    def _answers(self, items: ItemsOfFile) -> Callable[[Row], None]:
        if self._reading.output:
            raise UsageError("-o writes prompts as a task file, and this file holds answers: take it away")
        if other := [f"--{role}" for role in self._reading.columns if role not in ANSWERS]:
            raise UsageError(f"{other[0]} is for prompts without answers, and this file holds answers")
        columns = Columns(self._source, ANSWERS, self._reading.columns)
        return AnswersOfFile(self._store, columns, items, self._id, self._sha256).add

    def _items(self, items: ItemsOfFile) -> Callable[[Row], None]:
        task = self._reading.task
        if task in (each.name for each in self._tasks):
            raise UsageError(f"{task} is a task of the catalogue: choose another name with --as-task")
        if other := [f"--{role}" for role in self._reading.columns if role not in ITEMS]:
            raise UsageError(f"{other[0]} is for answers, and no column of this file says who answered")
        columns = Columns(self._source, ITEMS, self._reading.columns)

        def add(row: Row) -> None:
            columns.require(row, "text")
            prompt = imported_prompt(*(columns.text(row, role) for role in ITEMS))
            if not prompt.text.strip():
                raise columns.mistake(row, "text", "nothing is asked there")
            try:
                items.in_task(prompt)
            except ExpectedError as error:
                raise columns.mistake(row, "expected", str(error)) from error

        return add

    def _counted(self, done: ForeignImported) -> ForeignImported:
        sql = "SELECT count(DISTINCT model), count(DISTINCT item_hash) FROM responses WHERE import_id = ?"
        ((models, prompts),) = self._store.tuples(sql, [self._id])
        return done._replace(answers=done.rows, models=models, prompts=prompts)
