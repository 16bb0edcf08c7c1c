"""Rules of models and tasks that their types cannot say: unique names, known levels, readable templates."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tui.catalogue.item import OWN
from tui.chat.jinja_env import validate_syntax
from tui.errors import EngineError
from tui.toml.mistakes import shown, unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tui.catalogue.known_answer import KnownAnswer
    from tui.catalogue.model import Model
    from tui.catalogue.rubric import Level
    from tui.catalogue.task import Prompt, Task
    from tui.toml.reading import Mistake
    from tui.toml.types_in_words import Step


def model_mistakes(models: Sequence[Model]) -> Iterator[Mistake]:
    yield from _taken_twice(("models",), "name", (model.name for model in models))
    for place, model in enumerate(models):
        if message := _template_mistake(model.template):
            yield ("models", place, "template"), message


def task_mistakes(task: Task) -> Iterator[Mistake]:
    if task.name == OWN:
        yield ("name",), f'"{OWN}" is the task of the prompts that you write in the app'
    yield from _rubric_mistakes(task)
    for way, levels in _levels_of(task):
        yield from _taken_twice(way, "label", (level.label for level in levels))
        yield from _taken_twice(way, "key", (level.key for level in levels))
        yield from _value_mistakes(way, levels)
    yield from _number_mistakes(task.prompts)
    for place, prompt in enumerate(task.prompts):
        yield from _anchor_mistakes(("prompts", place, "anchors"), prompt.anchors, task)
        yield from _known_mistakes(("prompts", place, "practice"), prompt.practice, task)
        yield from _known_mistakes(("prompts", place, "controls"), prompt.controls, task)
        yield from _practised_mistakes(("prompts", place, "controls"), prompt)


def _taken_twice(way: tuple[Step, ...], key: str, values: Iterable[object]) -> Iterator[Mistake]:
    first: dict[object, int] = {None: -1}
    for place, value in enumerate(values):
        if value is not None and value in first:
            yield (*way, place, key), f"{shown(value)} is taken by {way[-1]}[{first[value]}] already"
        first.setdefault(value, place)


def _number_mistakes(prompts: Sequence[Prompt]) -> Iterator[Mistake]:
    numbers = [prompt.number or place for place, prompt in enumerate(prompts, 1)]
    for way, message in _taken_twice(("prompts",), "number", numbers):
        is_given = prompts[int(way[1])].number
        yield way, message if is_given else f"{message}; it has this one by its place: give it another"


def _template_mistake(template: str | None) -> str:
    if template is None:
        return ""
    try:
        validate_syntax(template)
    except EngineError as error:
        return str(error)
    return ""


def _rubric_mistakes(task: Task) -> Iterator[Mistake]:
    if task.criteria and task.levels:
        yield ("criteria",), "give either [[criteria]], each with its levels, or [[levels]]"
    elif not task.criteria and not task.levels:
        yield (), 'the key "levels" is missing'
    yield from _taken_twice(("criteria",), "name", (criterion.name for criterion in task.criteria))


def _levels_of(task: Task) -> Iterator[tuple[tuple[Step, ...], tuple[Level, ...]]]:
    yield ("levels",), task.levels
    for place, criterion in enumerate(task.criteria):
        yield ("criteria", place, "levels"), criterion.levels


def _value_mistakes(way: tuple[Step, ...], levels: tuple[Level, ...]) -> Iterator[Mistake]:
    for place, (lower, upper) in enumerate(pairwise(levels), start=1):
        if upper.value < lower.value:
            message = f"levels go from worst to best: {upper.value:g} comes after {lower.value:g}"
            yield (*way, place, "value"), message


def _anchor_mistakes(way: tuple[Step, ...], anchors: Mapping[str, object], task: Task) -> Iterator[Mistake]:
    """Mistakes in anchors, which go by label, or by criterion and label where the task names its criteria."""
    if not task.criteria:
        yield from _label_mistakes(way, anchors, task.levels)
        return
    levels = {criterion.name: criterion.levels for criterion in task.criteria}
    for name, given in anchors.items():
        if name not in levels:
            yield way, unknown_key(name, levels, "criterion")
        elif isinstance(given, dict):
            yield from _label_mistakes((*way, name), given, levels[name])
        else:
            yield (*way, name), f"expected a table of texts by level, found {shown(given)}"


def _label_mistakes(
    way: tuple[Step, ...], anchors: Mapping[str, object], levels: tuple[Level, ...]
) -> Iterator[Mistake]:
    labels = [level.label for level in levels]
    for label, text in anchors.items():
        if label not in labels:
            yield way, unknown_key(label, labels, "level")
        elif not isinstance(text, str):
            yield (*way, label), f"expected a text, found {shown(text)}"


def _known_mistakes(way: tuple[Step, ...], answers: Sequence[KnownAnswer], task: Task) -> Iterator[Mistake]:
    yield from _taken_twice(way, "text", (answer.text for answer in answers))
    for place, answer in enumerate(answers):
        yield from _given_mistakes((*way, place, "level"), answer.level, task)


def _given_mistakes(way: tuple[Step, ...], given: str | dict[str, str], task: Task) -> Iterator[Mistake]:
    """Mistakes in the level of a known answer, or in its levels by criterion."""
    if not task.criteria:
        if isinstance(given, str):
            yield from _unknown_level(way, given, task.levels)
        else:
            yield way, "expected the label of a level, found a table"
        return
    levels = {criterion.name: criterion.levels for criterion in task.criteria}
    if isinstance(given, str):
        yield way, f"expected a table of labels by criterion, found {shown(given)}"
        return
    for name, label in given.items():
        if name not in levels:
            yield way, unknown_key(name, levels, "criterion")
        else:
            yield from _unknown_level((*way, name), label, levels[name])
    for name in (name for name in levels if name not in given):
        yield way, f"the criterion {shown(name)} is missing"


def _unknown_level(way: tuple[Step, ...], label: str, levels: tuple[Level, ...]) -> Iterator[Mistake]:
    labels = [level.label for level in levels]
    if label not in labels:
        yield way, unknown_key(label, labels, "level")


def _practised_mistakes(way: tuple[Step, ...], prompt: Prompt) -> Iterator[Mistake]:
    practised = {answer.text for answer in prompt.practice}
    for place, control in enumerate(prompt.controls):
        if control.text in practised:
            yield (*way, place, "text"), "a practice answer has this text: who practised knows its level"
