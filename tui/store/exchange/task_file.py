"""A task as the TOML file that the catalogue reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from tui.errors import GraderError, UsageError
from tui.files import LARGEST_TEXT
from tui.store.files import write_file_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tui.catalogue.rubric import Level
    from tui.catalogue.task import Task
    from tui.store.database import Store


def write_task_file(store: Store, name: str, path: Path) -> None:
    """The imported items of the task. GraderError where the file could not be read again, or is there."""
    task = store.imported_items.task(name)
    if task is None:
        raise UsageError(f"no item of {name} was imported: there is nothing to write to {path}")
    text = "\n".join(_lines(task))
    if len(text.encode()) > LARGEST_TEXT:
        raise GraderError(
            f"{path} would be larger than the {LARGEST_TEXT // 1_000_000} MB that a task file may have:"
            " leave -o away, the items need no file"
        )

    def write(stream: TextIO) -> None:
        stream.write(text)

    write_file_atomically(path, write)


def _lines(task: Task) -> Iterator[str]:
    yield from _pairs({"name": task.name, "title": task.title, "description": task.description})
    if len(task.criteria) == 1 and not task.criteria[0].question:
        yield from _levels("levels", task.criteria[0].levels)
    else:
        for criterion in task.criteria:
            yield "\n[[criteria]]"
            yield from _pairs({"name": criterion.name, "question": criterion.question})
            if not criterion.shows_expected:
                yield "shows_expected = false"
            yield from _levels("criteria.levels", criterion.levels)
    for prompt in task.prompts:
        yield "\n[[prompts]]"
        yield f"number = {prompt.number}"
        yield from _pairs(
            {"title": prompt.title, "text": prompt.text, "input": prompt.input, "expected": prompt.expected}
        )
    yield ""


def _levels(table: str, levels: tuple[Level, ...]) -> Iterator[str]:
    for level in levels:
        yield f"\n[[{table}]]"
        yield from _pairs({"label": level.label, "key": level.key, "anchor": level.anchor})
        yield f"value = {level.value!r}"


def _pairs(texts: Mapping[str, Any]) -> Iterator[str]:
    """A line for each text that there is. JSON writes a text as TOML does, but for DEL."""
    for key, text in texts.items():
        if text:
            written = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
            yield f"{key} = {written}"
