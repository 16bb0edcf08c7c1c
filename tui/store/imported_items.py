"""Imported items as tasks: their rows are all there is of them, and no file has them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import asdict, replace

from tui.store.records import ItemRecord
from tui.store.stored_items import prompt_of, task_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.catalogue.task import Prompt, Task
    from tui.store.connection import Connection, Row

_COLUMNS = ", ".join(f"items.{name}" for name in ItemRecord.__struct_fields__)
_ALL = f"""
SELECT {_COLUMNS}, rubrics.criteria FROM items JOIN rubrics ON rubrics.hash = items.rubric_hash
WHERE items.source = 'import' AND items.instruction IS NOT NULL"""
_ORDER = "ORDER BY items.task, items.number, items.hash"
_SAME = """
SELECT hash, task, number, prompt_hash, expected FROM items
WHERE prompt_hash = ? AND source = 'import' AND instruction IS NOT NULL
ORDER BY task <> ?, task, number, hash LIMIT 1"""


class StoredItem(NamedTuple):
    """What answers to an item refer to, and its correct answer."""

    hash: str
    task: str
    number: int
    prompt_hash: str
    expected: str


class ImportedItems:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beside(self, tasks: Iterable[Task]) -> tuple[Task, ...]:
        """The tasks with what was imported: further prompts, and further tasks after them."""
        joined = {task.name: task for task in tasks}
        for task in self._tasks(self._connection.query(f"{_ALL} {_ORDER}")):
            first = joined.get(task.name, replace(task, prompts=()))
            joined[task.name] = replace(first, prompts=_joined(first.prompts, task.prompts))
        return tuple(joined.values())

    def task(self, name: str) -> Task | None:
        """The imported items of that task; None where there are none."""
        rows = self._connection.query(f"{_ALL} AND items.task = ? {_ORDER}", [name])
        task = next(self._tasks(rows), None)
        return task and replace(task, prompts=_joined((), task.prompts))

    def find(self, prompt_hash: str, task: str) -> StoredItem | None:
        """The item with that prompt, of that task rather than of another."""
        return next((StoredItem(*row) for row in self._connection.tuples(_SAME, [prompt_hash, task])), None)

    def last_number(self, task: str) -> int:
        """The largest number that any stored item of the task has."""
        sql = "SELECT coalesce(max(number), 0) AS last FROM items WHERE task = ?"
        ((last,),) = self._connection.tuples(sql, [task])
        return int(last)

    def _tasks(self, rows: Iterable[Row]) -> Iterator[Task]:
        """One for each name, by the rubric of its first item."""
        task: Task | None = None
        prompts: list[Prompt] = []
        for record, criteria in self._records(rows):
            if task is None or task.name != record.task:
                if task:
                    yield replace(task, prompts=tuple(prompts))
                task, prompts = task_of(record, criteria), []
            prompts.append(prompt_of(record))
        if task:
            yield replace(task, prompts=tuple(prompts))

    def _records(self, rows: Iterable[Row]) -> Iterator[tuple[ItemRecord, list[dict[str, object]]]]:
        known: dict[str, list[dict[str, object]]] = {}
        for row in rows:
            criteria = row.pop("criteria")
            for record in self._connection.read([row], ItemRecord, "items"):
                try:
                    if criteria not in known:
                        task_of(record, found := msgspec.json.decode(criteria))
                        known[criteria] = found
                except (KeyError, TypeError, msgspec.MsgspecError) as error:
                    self._connection.pass_over("rubrics", asdict(record), error)
                else:
                    yield record, known[criteria]


def _joined(first: Sequence[Prompt], others: Sequence[Prompt]) -> tuple[Prompt, ...]:
    """Each prompt once, and each number: of two that have the same, since databases were joined, the first
    keeps it, and the other has the lowest that nobody has."""
    there = {prompt.content_hash for prompt in first}
    once = {prompt.content_hash: prompt for prompt in reversed(others)}
    further = [each for each in reversed(once.values()) if each.content_hash not in there]
    written = {prompt.number for prompt in (*first, *further)}
    free = (number for number in count(1) if number not in written)
    taken = {prompt.number for prompt in first}
    numbered: list[Prompt] = []
    for prompt in further:
        number = next(free) if prompt.number in taken else prompt.number
        taken.add(number)
        numbered.append(prompt if number == prompt.number else replace(prompt, number=number))
    return (*first, *sorted(numbered, key=lambda prompt: prompt.number))
