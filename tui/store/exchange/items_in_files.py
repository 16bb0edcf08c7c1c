"""Items of imported rows: found among those that are known, or made."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict, replace

from tui.catalogue.catalogue import Catalogue
from tui.catalogue.item import OWN, Item, items_of
from tui.catalogue.model import Name
from tui.catalogue.own_prompt import USUAL_LEVELS
from tui.catalogue.task import ImportedPrompt, Task
from tui.errors import UsageError
from tui.store.imported_items import StoredItem
from tui.store.items import item_record, rubric_record
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.store.database import Store

_TITLE_LENGTH = 40
_RECENT = 1000
"""Items that need not be looked up again, so that memory does not grow with the file."""


class ExpectedError(ValueError):
    """An item is there with another correct answer."""


class ItemsOfFile:
    """The items that the rows of one file ask, inside a transaction. `tasks` are those of files; an item
    that nothing knows goes into the task `name`."""

    def __init__(self, store: Store, tasks: Iterable[Task], name: str) -> None:
        self.made = 0
        self._store = store
        self._tasks = tuple(tasks)
        self._task = self._destination(name)
        same = [task for task in self._tasks if task.name == name]
        numbers = (prompt.number for task in same for prompt in task.prompts)
        self._last = max(store.imported_items.last_number(name), *numbers, 0)
        # Of several with one prompt the last one stays.
        known = (store.own_items.task(), *reversed(self._tasks), *same)
        self._known = {item.prompt.content_hash: item for task in known for item in items_of(task)}
        self._stored: dict[str, StoredItem] = {}
        self._recent: dict[str, StoredItem] = {}

    def named(self, name: str) -> StoredItem:
        """The item `task/number`. Raises UsageError where there is none."""
        return self._of_catalogue(self._catalogue.item(name))

    def asked(self, prompt: ImportedPrompt) -> StoredItem:
        """The item of that prompt, wherever it is, or a new one."""
        if known := self._known.get(prompt.content_hash):
            return self._of_catalogue(known)
        return self.in_task(prompt, anywhere=True)

    def in_task(self, prompt: ImportedPrompt, *, anywhere: bool = False) -> StoredItem:
        """The item of that prompt in the task of this file, found or made. Raises ExpectedError."""
        hash_ = prompt.content_hash
        found = self._recent.get(hash_) or self._store.imported_items.find(hash_, self._task.name)
        if found and (found.task == self._task.name or anywhere):
            if not prompt.expected or prompt.expected == found.expected:
                return self._remembered(found)
            if found.task == self._task.name:
                raise ExpectedError(
                    f"{found.task}/{found.number} is the same prompt with another correct answer,"
                    f" {shown(found.expected)}"
                )
        self._last += 1
        self.made += 1
        return self._remembered(self._store_item(Item(self._task, replace(prompt, number=self._last))))

    def _remembered(self, item: StoredItem) -> StoredItem:
        if len(self._recent) > _RECENT:
            self._recent.clear()
        self._recent[item.prompt_hash] = item
        return item

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(models=(), tasks=self._store.all_tasks(self._tasks))

    def _of_catalogue(self, item: Item) -> StoredItem:
        """The catalogue's, stored where it is not yet."""
        if item.name not in self._stored:
            self._stored[item.name] = self._store_item(item)
        return self._stored[item.name]

    def _store_item(self, item: Item) -> StoredItem:
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        self._store.insert("rubrics", asdict(rubric), keep_existing=True)
        self._store.insert("items", asdict(record), keep_existing=True)
        return StoredItem(record.hash, record.task, record.number, record.prompt_hash, record.expected)

    def _destination(self, name: str) -> Task:
        for task in self._tasks:
            if task.name == name:
                return replace(task, prompts=())
        if imported := self._store.imported_items.task(name):
            return replace(imported, prompts=())
        return Task(name=name, title=name, levels=USUAL_LEVELS)


def imported_prompt(text: str, input_: str, expected: str, title: str = "") -> ImportedPrompt:
    """Without a title, it is called by the first line of its text."""
    first = " ".join((title or text).strip().partition("\n")[0].split())
    short = first if len(first) <= _TITLE_LENGTH else first[: _TITLE_LENGTH - 1] + "…"
    return ImportedPrompt(title=short or "…", text=text, input=input_, expected=expected)


def named_task(name: str) -> str:
    """The name, if it can be that of a task. Raises UsageError."""
    try:
        found = msgspec.convert(name, Name)
    except msgspec.ValidationError as error:
        rule = "at most 64 of the characters a-z 0-9 . _ -, a letter or digit first"
        raise UsageError(f"{shown(name)} cannot name a task: {rule}") from error
    if found == OWN:
        raise UsageError(f'"{OWN}" is the task of the prompts that you write in the app: choose another name')
    return found


def task_of_file(path: Path) -> str:
    """The name of the task for what a file asks, after the file's own. Raises UsageError."""
    name = re.sub("[^a-z0-9._-]+", "-", path.stem.casefold()).strip("-._")[:64]
    if not name or name == OWN:
        raise UsageError(f"no task can be named after {shown(path.name)}: name one with --as-task NAME")
    return name
