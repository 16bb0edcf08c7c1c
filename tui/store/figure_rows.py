"""The rows that figures are made of: answers, what was given to them, and by whom."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import Struct

from tui.store.cut_texts import cut_texts
from tui.store.exchange.masking import Mask
from tui.store.graders import ID_SHOWN
from tui.store.looking import LookRow, all_looks
from tui.store.schema.generating import OF_MODELS
from tui.store.selection import ALL, Selection
from tui.store.trials import ControlRow, controls, guess_rows

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from tui.store.connection import Connection
    from tui.store.exchange.masking import BlindSession
    from tui.store.judgement_records import GraderKind, Occasion, Side
    from tui.store.trials import GuessRow

_ANSWER = (
    "CASE WHEN reasoning_start IS NULL THEN text"
    " ELSE substr(text, 1, reasoning_start) || substr(text, reasoning_end + 1) END"
)
_SPACES = " \t\n\r"
_WHITE = f"char({', '.join(str(ord(each)) for each in _SPACES)})"

_ANSWERS = f"""
SELECT
    id, task, prompt_hash, item_hash, model, model_config_hash, origin, sample, finish_reason,
    trim({_ANSWER}, {_WHITE}) = '', length({_ANSWER}), text_sha256, asked_otherwise IS NOT NULL,
    turn
FROM responses WHERE {OF_MODELS} AND {{where}} ORDER BY seq, id"""

_MODELS = f"""
SELECT DISTINCT model, model_config_hash, origin FROM responses
WHERE {OF_MODELS} AND {{where}} ORDER BY 1, 2, 3"""

_GRADES = """
SELECT
    response_id, person_id, session_id, item_hash, criterion, occasion, level, blind, place, active_seconds,
    names_itself, rows_unread, seq
FROM tidy_judgements WHERE {where} ORDER BY seq, id"""

_PREFERENCES = """
SELECT
    response_id, other_response_id, person_id, session_id, criterion, occasion, side, blind, place,
    active_seconds, identical, seq
FROM tidy_preferences WHERE {where} ORDER BY seq, id"""

_ITEMS = "SELECT hash, task, task_title, number, title, prompt_hash, rubric_hash FROM items ORDER BY hash"
_GRADERS = """
SELECT id, name, kind FROM graders
WHERE id IN (SELECT min(other_id) FROM same_graders GROUP BY grader_id) ORDER BY id"""
_RUBRICS = "SELECT hash, criteria FROM rubrics"


class AnswerRow(NamedTuple):
    """A model's response."""

    id: str
    task: str
    prompt_hash: str
    item_hash: str
    model: str
    config_hash: str
    origin: str
    sample: int
    finish_reason: str
    blank: bool
    """Nothing but spaces, tabs and line ends, without its reasoning."""
    length: int
    """Characters, without its reasoning."""
    text_sha256: str
    asked_otherwise: bool
    turn: int = 1


class GradeRow(NamedTuple):
    """A grade or a skip in force."""

    response_id: str
    person_id: str
    session_id: str
    item_hash: str
    criterion: str
    occasion: Occasion
    level: str | None
    """Its label; None of a skip."""
    blind: bool
    place: int | None
    seconds: float | None
    names_itself: bool | None
    rows_unread: int | None
    seq: int


class PreferenceRow(NamedTuple):
    """A preference or a skipped pair in force."""

    response_id: str
    other_response_id: str
    person_id: str
    session_id: str
    criterion: str
    occasion: Occasion
    side: Side | None
    """None of a skip."""
    blind: bool
    place: int | None
    """Of the first response: 1 is left."""
    seconds: float | None
    identical: bool
    seq: int


class ItemRow(NamedTuple):
    hash: str
    task: str
    task_title: str
    number: int
    title: str
    prompt_hash: str
    rubric_hash: str


class GraderRow(NamedTuple):
    id: str
    name: str
    """With the beginning of its id, by which it can be chosen, where several have the name."""
    kind: GraderKind


class LevelValue(Struct, frozen=True):
    label: str
    value: float


class _Criterion(Struct):
    name: str
    levels: tuple[LevelValue, ...]


class FigureRows(NamedTuple):
    """All that figures are made of, of a selection, each kind in the order of arrival.

    Nothing of what a session asks that is blind and not revealed is among them: `hidden` are these sessions.
    """

    answers: list[AnswerRow]
    grades: list[GradeRow]
    preferences: list[PreferenceRow]
    items: dict[str, ItemRow]
    """By hash."""
    graders: dict[str, GraderRow]
    """By id; of a grader who is several the smallest."""
    scales: dict[tuple[str, str], tuple[LevelValue, ...]]
    """The levels, from worst to best, by rubric hash and criterion."""
    guesses: list[GuessRow]
    looks: list[LookRow]
    hidden: tuple[BlindSession, ...]
    models: tuple[tuple[str, str, str], ...] = ()
    """All that answered anything, selected or not: name, hash of the settings, origin. By them models of one
    name are told apart, whatever is selected."""
    controls: Sequence[ControlRow] = ()

    @property
    def sessions(self) -> set[str]:
        """Those that gave any of it."""
        return {each.session_id for each in self.grades} | {each.session_id for each in self.preferences}

    def of_models(self, chosen: Container[tuple[str, str, str]]) -> FigureRows:
        """What was given to answers of these models, and pairs of two of them."""
        answers = [each for each in self.answers if each[4:7] in chosen]
        ids = {each.id for each in answers}
        return self._replace(
            answers=answers,
            grades=[each for each in self.grades if each.response_id in ids],
            preferences=[
                each for each in self.preferences if {each.response_id, each.other_response_id} <= ids
            ],
            guesses=[each for each in self.guesses if each.response_id in ids],
        )


@contextmanager
def uncollected() -> Iterator[None]:
    """Many rows are made meanwhile, and no circles: Python's collector would walk all rows time and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@uncollected()
def figure_rows(store: Connection, selection: Selection = ALL) -> FigureRows:
    """UsageError for a selection by a name that nothing stored has."""
    mask = Mask(store)
    selection.require_known(store)
    of_answers, answer_values = mask.outside(Selection(selection.tasks, selection.prompts, selection.models))
    graded, grade_values = mask.outside(selection)
    paired, pair_values = mask.outside(selection, ("model", "other_model"))
    answers = _answers(store, of_answers, answer_values)
    there = {each.id for each in answers}
    grades = _rows(store, GradeRow, _GRADES.format(where=graded), grade_values)
    pairs = _rows(store, PreferenceRow, _PREFERENCES.format(where=paired), pair_values)
    return FigureRows(
        answers,
        [each for each in grades if each.response_id in there],
        pairs,
        {each.hash: each for each in _rows(store, ItemRow, _ITEMS)},
        _graders(store),
        _scales(store),
        [each for each in guess_rows(store) if each.response_id in there],
        all_looks(store),
        mask.concerned(selection),
        all_models(store, mask),
        list(_controls(store, grades)),
    )


def all_models(store: Connection, mask: Mask | None = None) -> tuple[tuple[str, str, str], ...]:
    """Name, hash of the settings and origin of each that answered anything that no blind session hides."""
    where, values = (mask or Mask(store)).outside(ALL)
    return tuple(store.tuples(_MODELS.format(where=where), values))


def _rows(store: Connection, kind: Any, sql: str, values: list[str] | None = None) -> list[Any]:
    return list(map(kind._make, store.tuples(sql, values or [])))


def _answers(store: Connection, where: str, values: list[str]) -> list[AnswerRow]:
    found = _rows(store, AnswerRow, _ANSWERS.format(where=where), values)
    whole = cut_texts(store)
    for place, each in enumerate(found) if whole else ():
        if (text := whole.get(each.id)) is not None:
            found[place] = each._replace(length=len(text), blank=not text.strip(_SPACES))
    return found


def _controls(store: Connection, grades: Iterable[GradeRow]) -> Iterator[ControlRow]:
    said = controls(store)
    for each in grades:
        level = said.get((each.response_id, each.criterion))
        if level is not None and each.level is not None and each.occasion == "first":
            yield ControlRow(each.person_id, each.criterion, each.level == level)


def _graders(store: Connection) -> dict[str, GraderRow]:
    found = _rows(store, GraderRow, _GRADERS)
    times = Counter(each.name for each in found)
    return {
        each.id: each._replace(name=f"{each.name} ({each.id[:ID_SHOWN]})") if times[each.name] > 1 else each
        for each in found
    }


def _scales(store: Connection) -> dict[tuple[str, str], tuple[LevelValue, ...]]:
    """Without rubrics that cannot be read."""
    found = {}
    for hash_, criteria in store.tuples(_RUBRICS):
        try:
            for each in msgspec.json.decode(criteria, type=tuple[_Criterion, ...]):
                found[hash_, each.name] = each.levels
        except msgspec.MsgspecError as error:
            store.pass_over("rubrics", {"id": hash_}, error)
    return found
