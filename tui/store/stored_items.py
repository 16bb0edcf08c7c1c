"""Items as they were when they were asked, for answers whose task's file is not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tui.catalogue.item import Item
from tui.catalogue.rubric import Criterion, Level
from tui.catalogue.task import ImportedPrompt, Prompt, Task
from tui.store.records import ItemRecord
from tui.store.schema.views import NEWEST_FIRST

if TYPE_CHECKING:
    from tui.store.connection import Connection

_COLUMNS = ", ".join(f"items.{name}" for name in ItemRecord.__struct_fields__)
_ASKED = f"""
SELECT {_COLUMNS}, rubrics.criteria FROM items JOIN rubrics ON rubrics.hash = items.rubric_hash
WHERE items.hash = (
    SELECT item_hash FROM responses WHERE task = ? AND prompt_hash = ? {NEWEST_FIRST} LIMIT 1
)"""


class StoredItems:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked(self, task: str, prompt_hash: str) -> Item | None:
        """The item that the newest response to this prompt answers."""
        for row in self._connection.query(_ASKED, [task, prompt_hash]):
            criteria = row.pop("criteria")
            for record in self._connection.read([row], ItemRecord, "items"):
                try:
                    return _item(record, msgspec.json.decode(criteria))
                except (KeyError, TypeError, msgspec.MsgspecError) as error:
                    self._connection.pass_over("rubrics", row, error)
        return None


def _item(record: ItemRecord, criteria: list[dict[str, Any]]) -> Item:
    return Item(task_of(record, criteria), prompt_of(record))


def task_of(record: ItemRecord, criteria: list[dict[str, Any]]) -> Task:
    """The task of a stored item, without prompts. KeyError or TypeError where the criteria are none."""
    return Task(
        name=record.task,
        title=record.task_title,
        description=record.guidelines,
        criteria=tuple(_criterion(each) for each in criteria),
    )


def prompt_of(record: ItemRecord) -> Prompt:
    kind = ImportedPrompt if record.source == "import" else Prompt
    asked = record.instruction if record.instruction is not None else _joined(record.messages or "[]")
    return kind(
        number=record.number,
        title=record.title,
        text=asked,
        input=record.input,
        expected=record.expected,
    )


def _criterion(shown: dict[str, Any]) -> Criterion:
    levels = (
        Level(key=each.get("key"), label=each["label"], value=each["value"], anchor=each.get("anchor", ""))
        for each in shown["levels"]
    )
    return Criterion(
        name=shown["name"],
        question=shown.get("question", ""),
        levels=tuple(levels),
        shows_expected=shown.get("shows_expected", True),
    )


def _joined(messages: str) -> str:
    """Messages as one text, for where there is no instruction."""
    return "\n\n".join(f"{each['role']}: {each['content']}" for each in msgspec.json.decode(messages))
