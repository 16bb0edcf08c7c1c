"""What the types cannot say of a file: names taken twice, unknown levels, broken templates."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tui.catalogue.mistakes import shown, unknown_key
from tui.chat.jinja_env import check_syntax
from tui.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui.catalogue.model import Model
    from tui.catalogue.shapes import Step
    from tui.catalogue.task import Task

Mistake = tuple["Sequence[Step]", str]
"""The way to the place in the file, and what is wrong there."""

# The keys of the screen where answers are graded; a level's letter must not take one of them.
APP_KEYS = "hljkgrunzyeiovmq"


def model_mistakes(models: Sequence[Model]) -> Iterator[Mistake]:
    yield from _taken_twice("models", "name", (model.name for model in models))
    for place, model in enumerate(models):
        if message := _template_mistake(model.template):
            yield ("models", place, "template"), message


def task_mistakes(task: Task) -> Iterator[Mistake]:
    yield from _taken_twice("levels", "label", (level.label for level in task.levels))
    yield from _taken_twice("levels", "letter", (level.letter for level in task.levels))
    yield from _taken_twice("prompts", "number", (prompt.number for prompt in task.prompts))
    yield from _letter_mistakes(task)
    yield from _value_mistakes(task)
    yield from _criteria_mistakes(task)


def _taken_twice(table: str, key: str, values: Iterable[object]) -> Iterator[Mistake]:
    first: dict[object, int] = {}
    for place, value in enumerate(values):
        if value in first:
            yield (table, place, key), f"{shown(value)} is taken by {table}[{first[value]}] already"
        first.setdefault(value, place)


def _template_mistake(template: str | None) -> str:
    if template is None:
        return ""
    try:
        check_syntax(template)
    except EngineError as error:
        return str(error)
    return ""


def _letter_mistakes(task: Task) -> Iterator[Mistake]:
    for place, level in enumerate(task.levels):
        if level.letter in APP_KEYS:
            keys = " ".join(APP_KEYS)
            yield ("levels", place, "letter"), f'"{level.letter}" is a key of the app, as are {keys}'


def _value_mistakes(task: Task) -> Iterator[Mistake]:
    for place, (lower, upper) in enumerate(pairwise(task.levels), start=1):
        if upper.value < lower.value:
            message = f"levels go from worst to best: {upper.value:g} comes after {lower.value:g}"
            yield ("levels", place, "value"), message


def _criteria_mistakes(task: Task) -> Iterator[Mistake]:
    labels = [level.label for level in task.levels]
    for place, prompt in enumerate(task.prompts):
        for label in prompt.criteria:
            if label not in labels:
                yield ("prompts", place, "criteria"), unknown_key(label, labels, "level")
