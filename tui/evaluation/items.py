"""An item and its rubric as rows of the database."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from tui.store.judgement_records import OVERALL
from tui.store.records import ItemRecord, RubricRecord

if TYPE_CHECKING:
    from tui.catalogue.task import Prompt, Task
    from tui.store.records import ItemSource

OWN = "own"
"""Name of the task of the prompts that a person writes in the app."""


def rubric_record(task: Task, prompt: Prompt) -> RubricRecord:
    """The levels of the task, as one criterion, with what earns each in this prompt."""
    levels = [
        {
            "key": level.letter,
            "label": level.label,
            "ordinal": ordinal,
            "value": level.value,
            "anchor": level.meaning,
        }
        for ordinal, level in enumerate(task.rubric(prompt), 1)
    ]
    criteria = msgspec.json.encode([{"name": OVERALL, "question": "", "levels": levels}])
    return RubricRecord(hash=hashlib.sha256(criteria).hexdigest(), criteria=criteria.decode())


def item_record(task: Task, prompt: Prompt, rubric: RubricRecord) -> ItemRecord:
    source: ItemSource = "own" if task.name == OWN else "catalogue"
    shown = [task.description, prompt.title, prompt.text, prompt.input, prompt.expected, rubric.criteria]
    item = ItemRecord(
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
    return msgspec.structs.replace(item, hash=_sha256(item))


def _sha256(content: object) -> str:
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()
