"""Items as rows: what was asked and how it was graded, and those that a person writes in the app."""

from __future__ import annotations

import hashlib
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict, replace

from tui.catalogue.item import OWN, own_task
from tui.catalogue.own_prompt import OwnPrompt
from tui.catalogue.rubric import Level
from tui.catalogue.task import ImportedPrompt
from tui.store.ids import new_id, now
from tui.store.records import ItemRecord, OwnItem, RubricRecord
from tui.store.schema.columns import LAST_SEQ, MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Criterion
    from tui.catalogue.task import Task
    from tui.store.connection import Connection, Row
    from tui.store.records import ItemSource

_COLUMNS = ", ".join(OwnItem.__struct_fields__)
_STANDING = f"""
SELECT {_COLUMNS} FROM own_items AS item WHERE NOT removed AND id = (
    SELECT id FROM own_items WHERE own_id = item.own_id AND seq < {LAST_SEQ}
    ORDER BY seq DESC, id DESC LIMIT 1
)"""
_WRITTEN = f"""
SELECT own_id, number FROM own_items WHERE seq < {LAST_SEQ} AND typeof(number) = 'integer'
ORDER BY seq, id"""


class OwnItems:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, title: str, instruction: str, *, input_: str = "", levels: Iterable[Level] = ()) -> int:
        """Returns the item's number, which is never given again. Without levels it has the usual ones."""
        with self._connection.transaction():
            number = max((each for each in self._numbers().values() if each < MOST), default=0) + 1
            asked = _asked(title, instruction, input_, levels)
            self._write({"own_id": new_id(), "number": number, "removed": 0} | asked)
        return number

    def edit(
        self, own_id: str, title: str, instruction: str, *, input_: str = "", levels: Iterable[Level] = ()
    ) -> None:
        """Give an item another text. What was answered and judged before is of the old one. One that was
        removed meanwhile is there again."""
        asked = _asked(title, instruction, input_, levels)
        with self._connection.transaction():
            self._write(self._newest(own_id) | asked | {"removed": 0})

    def remove(self, own_id: str) -> None:
        with self._connection.transaction():
            self._write(self._newest(own_id) | {"removed": 1})

    def _newest(self, own_id: str) -> Row:
        of_it = f"SELECT * FROM own_items WHERE own_id = ? AND seq < {LAST_SEQ}"
        (row,) = self._connection.query(f"{of_it} ORDER BY seq DESC, id DESC LIMIT 1", [own_id])
        return {name: value for name, value in row.items() if name != "seq"}

    def _write(self, row: Row) -> None:
        self._connection.insert("own_items", row | {"id": new_id(), "created_at": now()})

    def all(self) -> list[OwnItem]:
        """All of them as last edited, by number."""
        found = self._connection.read(self._connection.query(_STANDING), OwnItem, "own_items")
        numbers = self._numbers()
        numbered = (replace(own, number=numbers.get(own.own_id, own.number)) for own in found)
        return sorted(numbered, key=lambda own: own.number)

    def _numbers(self) -> dict[str, int]:
        """The number of each, removed ones too. Of two that have the same since databases were merged the
        first keeps it, the other has the lowest that nobody has: so in every order of merging."""
        written: dict[str, int] = {}
        for row in self._connection.query(_WRITTEN):
            written.setdefault(row["own_id"], row["number"])
        firsts: dict[int, str] = {}
        for own_id, number in written.items():
            firsts.setdefault(number, own_id)
        free = (number for number in count(1) if number not in firsts)
        return {
            own_id: number if firsts[number] == own_id else next(free) for own_id, number in written.items()
        }

    def task(self) -> Task:
        """The task of them, which has no prompt where none was written."""
        return own_task(self._prompts())

    def _prompts(self) -> Iterator[OwnPrompt]:
        for own in self.all():
            try:
                levels = msgspec.json.decode(own.levels, type=tuple[Level, ...])
            except msgspec.DecodeError as error:
                self._connection.pass_over("own_items", asdict(own), error)
                continue
            yield OwnPrompt(
                own_id=own.own_id,
                number=own.number,
                title=own.title,
                text=own.instruction,
                input=own.input,
                levels=levels,
            )


def _asked(title: str, instruction: str, input_: str, levels: Iterable[Level]) -> Row:
    written = [{"label": level.label, "value": level.value, "anchor": level.anchor} for level in levels]
    return {
        "title": title,
        "instruction": instruction,
        "input": input_,
        "levels": msgspec.json.encode(written).decode(),
    }


def rubric_record(item: Item) -> RubricRecord:
    """The criteria of the item, with what earns each level in it."""
    criteria = msgspec.json.encode([_shown(criterion) for criterion in item.rubric.criteria])
    return RubricRecord(hash=hashlib.sha256(criteria).hexdigest(), criteria=criteria.decode())


def _shown(criterion: Criterion) -> dict[str, object]:
    levels = [
        {
            "key": level.key,
            "label": level.label,
            "ordinal": ordinal,
            "value": level.value,
            "anchor": level.anchor,
        }
        for ordinal, level in enumerate(criterion.levels, 1)
    ]
    return {
        "name": criterion.name,
        "question": criterion.question,
        "shows_expected": criterion.shows_expected,
        "levels": levels,
    }


def item_record(item: Item, rubric: RubricRecord) -> ItemRecord:
    """`sheet_hash` is of all that a grader is shown of the item, `prompt_hash` of what a model is asked."""
    task, prompt = item
    source: ItemSource = "own" if task.name == OWN else "catalogue"
    source = "import" if isinstance(prompt, ImportedPrompt) else source
    shown = [task.description, prompt.title, prompt.text, prompt.input, prompt.expected, rubric.criteria]
    record = ItemRecord(
        hash="",
        source=source,
        task=task.name,
        task_title=task.title,
        number=prompt.number,
        title=prompt.title,
        guidelines=task.description,
        instruction=prompt.text,
        input=prompt.input,
        expected=prompt.expected,
        rubric_hash=rubric.hash,
        prompt_hash=prompt.content_hash,
        sheet_hash=_sha256(shown),
    )
    return replace(record, hash=_sha256(record))


def _sha256(content: object) -> str:
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()
