"""What was judged, as columns: the data of every figure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from tui.analysis.naming import ModelId, named
from tui.store.figure_rows import GradeRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from tui.store.figure_rows import AnswerRow, FigureRows, LevelValue
    from tui.store.judgement_records import GraderKind

    Codes = NDArray[np.intp]
    Truths = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

Measure = Literal["strict", "lenient", "mean"]
MEASURES: tuple[Measure, ...] = ("strict", "lenient", "mean")

SKIP = -1
"""The level of what was skipped."""

OURS = ("failed", "cancelled")
"""Reasons why an answer ended that are not the model's."""


class ItemId(NamedTuple):
    """An item of the figures. Its name is that by which a person knows it, `task/number`."""

    task: str
    prompt_hash: str
    name: str
    title: str


class Grader(NamedTuple):
    """A grader of the figures."""

    id: str
    name: str
    kind: GraderKind


class Scale(NamedTuple):
    """The levels of a criterion, from worst to best."""

    labels: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Judged:
    """Grades and skips, a row each: the columns are codes of the axes, or say how it was given.

    The axes are the same in every part that is taken of it.
    """

    items: tuple[ItemId, ...]
    """In the order of (task, prompt hash)."""
    models: tuple[ModelId, ...]
    graders: tuple[Grader, ...]
    criteria: tuple[str, ...]
    scales: tuple[Scale, ...]
    answers: tuple[AnswerRow, ...]
    sessions: tuple[str, ...]

    item: Codes
    model: Codes
    grader: Codes
    criterion: Codes
    scale: Codes
    answer: Codes
    session: Codes
    level: Codes
    """Its place in its scale, 0 for the worst; SKIP."""
    occasion: NDArray[np.str_]
    blind: Truths
    place: Numbers
    """NaN, here as in the next ones, is what was not measured."""
    seconds: Numbers
    names_itself: Numbers
    rows_unread: Numbers
    seq: Codes

    def __len__(self) -> int:
        return len(self.item)

    def where(self, chosen: Truths) -> Judged:
        """The rows for which it is true."""
        if chosen.all():
            return self
        columns: dict[str, Any] = {name: getattr(self, name)[chosen] for name in COLUMNS}
        return replace(self, **columns)

    def of_kind(self, kind: GraderKind) -> Judged:
        return self.where(self._is("grader", [each.kind == kind for each in self.graders]))

    def of_criterion(self, name: str) -> Judged:
        return self.where(self._is("criterion", [each == name for each in self.criteria]))

    def of_task(self, name: str) -> Judged:
        return self.where(self._is("item", [each.task == name for each in self.items]))

    def on(self, occasion: str) -> Judged:
        return self.where(self.occasion == occasion)

    def to_what_was_asked(self) -> Judged:
        """Without answers to another question than their item's."""
        return self.where(~self._is("answer", [each.asked_otherwise for each in self.answers]))

    def to_prompts(self, hashes: Collection[str]) -> Judged:
        return self.where(self._is("item", [each.prompt_hash in hashes for each in self.items]))

    @property
    def is_skip(self) -> Truths:
        return np.equal(self.level, SKIP)

    @property
    def is_broken(self) -> Truths:
        """True of answers that are empty, or ran to their limit."""
        return self._is(
            "answer", [bool(each.blank) or each.finish_reason == "length" for each in self.answers]
        )

    @property
    def data(self) -> Judged:
        """Grades, and skips of broken answers, which count as the worst level."""
        counts = self.where(~self.is_skip | self.is_broken)
        return replace(counts, level=np.maximum(counts.level, 0))

    def scores(self, measure: Measure) -> Numbers:
        """What each row counts by a measure, from 0 to 1; NaN of a skip."""
        table = scored(self.scales, measure)
        found = table[self.scale, self.level]
        return np.where(self.is_skip, np.nan, found)

    def _is(self, axis: str, true_of: Sequence[bool]) -> Truths:
        return np.asarray(true_of, dtype=bool)[getattr(self, axis)] if len(true_of) else np.zeros(0, bool)


COLUMNS = (
    "item", "model", "grader", "criterion", "scale", "answer", "session", "level", "occasion", "blind",
    "place", "seconds", "names_itself", "rows_unread", "seq",
)  # fmt: skip
"""Of a row of what was judged."""


def scored(scales: Sequence[Scale], measure: Measure) -> Numbers:
    """What each level of each scale counts: a row a scale, filled up with NaN."""
    table = np.full((max(len(scales), 1), max((len(each.labels) for each in scales), default=1)), np.nan)
    for row, scale in zip(table, scales, strict=False):
        count = len(scale.labels)
        match measure:
            case "strict":
                row[:count] = np.arange(count) == count - 1
            case "lenient":
                row[:count] = np.arange(count) > 0
            case "mean":
                row[:count] = scale.values
    return table


def judged(rows: FigureRows) -> Judged:
    """The columns of rows. Without grades whose level or rubric is not known, and those of answers that
    failed or were stopped, which are nobody's."""
    answers = {each.id: each for each in rows.answers if each.finish_reason not in OURS}
    scales = _Codes(map(_scale, rows.scales.values()))
    levels = _Levels(rows, scales)
    grades = [
        each
        for each in rows.grades
        if each.response_id in answers and (each.item_hash, each.criterion, each.level) in levels.at
    ]
    given: dict[str, Any] = dict(
        zip(GradeRow._fields, zip(*grades, strict=True) if grades else repeat(()), strict=False)
    )
    items = _Codes(sorted({(each.task, each.prompt_hash) for each in rows.answers}))
    models = _Codes(sorted({*rows.models, *map(_model, rows.answers)}))
    graders = _Codes(rows.graders)
    criteria = _Codes(sorted(set(given["criterion"])))
    sessions = _Codes(given["session_id"])
    used = _Codes(given["response_id"])
    judged_answers = tuple(answers[id_] for id_ in used.names)
    answer = used.of(given["response_id"])
    scale, level = levels.of(given["item_hash"], given["criterion"], given["level"])
    return Judged(
        items=_items(items.names, rows),
        models=named(models.names),
        graders=tuple(Grader(*rows.graders[id_]) for id_ in graders.names),
        criteria=criteria.names,
        scales=scales.names,
        answers=judged_answers,
        sessions=sessions.names,
        item=items.of((each.task, each.prompt_hash) for each in judged_answers)[answer],
        model=models.of(map(_model, judged_answers))[answer],
        grader=graders.of(given["person_id"]),
        criterion=criteria.of(given["criterion"]),
        scale=scale,
        answer=answer,
        session=sessions.of(given["session_id"]),
        level=level,
        occasion=np.array(given["occasion"], dtype=np.str_),
        blind=np.array(given["blind"], dtype=bool),
        place=_numbers(given["place"]),
        seconds=_numbers(given["seconds"]),
        names_itself=_numbers(given["names_itself"]),
        rows_unread=_numbers(given["rows_unread"]),
        seq=np.array(given["seq"], dtype=np.intp),
    )


class _Codes:
    """The places of names in an axis."""

    def __init__(self, names: Iterable[Any]) -> None:
        self.at: dict[Any, int] = {name: place for place, name in enumerate(dict.fromkeys(names))}

    @property
    def names(self) -> tuple[Any, ...]:
        return tuple(self.at)

    def of(self, names: Iterable[Any]) -> Codes:
        return np.array(list(map(self.at.__getitem__, names)), dtype=np.intp)


class _Levels:
    """Which level of which scale a label is, by the item it was given to and the criterion."""

    def __init__(self, rows: FigureRows, scales: _Codes) -> None:
        self.at: dict[tuple[str, str, str | None], int] = {}
        found: list[tuple[int, int]] = []
        of_rubric: dict[str, list[tuple[str, Scale]]] = {}
        for (rubric_hash, criterion), levels in rows.scales.items():
            of_rubric.setdefault(rubric_hash, []).append((criterion, _scale(levels)))
        for hash_, item in rows.items.items():
            for criterion, scale in of_rubric.get(item.rubric_hash, ()):
                for level, label in enumerate((None, *scale.labels), SKIP):
                    self.at[hash_, criterion, label] = len(found)
                    found.append((scales.at[scale], level))
        self._codes = np.array(found, dtype=np.intp).reshape(-1, 2)

    def of(
        self, items: Iterable[str], criteria: Iterable[str], labels: Iterable[str | None]
    ) -> tuple[Codes, Codes]:
        """The scale and the level of each."""
        places = list(map(self.at.__getitem__, zip(items, criteria, labels, strict=True)))
        found = self._codes[np.array(places, dtype=np.intp)]
        return found[:, 0], found[:, 1]


def _scale(levels: Sequence[LevelValue]) -> Scale:
    return Scale(tuple(each.label for each in levels), tuple(each.value for each in levels))


def _model(answer: AnswerRow) -> tuple[str, str, str]:
    return answer.model, answer.config_hash, answer.origin


def _items(asked: Sequence[tuple[str, str]], rows: FigureRows) -> tuple[ItemId, ...]:
    """Each with the number and title of the newest of its answers."""
    newest = {(each.task, each.prompt_hash): each.item_hash for each in rows.answers}
    found = ((*each, rows.items[newest[each]]) for each in asked)
    return tuple(ItemId(task, hash_, f"{task}/{row.number}", row.title) for task, hash_, row in found)


def _numbers(values: Sequence[float | None]) -> Numbers:
    return np.array(values, dtype=np.float64)
