"""Rows to train with, as TRL reads them: preferences, and answers that are wanted or not."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.store.exchange.for_others.answered import Told, completion, prompt

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from tui.store.connection import Connection
    from tui.store.exchange.for_others.judged import Judged
    from tui.store.exchange.for_others.records import Asked

Reason = tuple[str, str]
"""Why something is left out: what it is, in the singular, and which."""

NO_WINNER: Reason = ("pair", "without a winner")
SAME_TEXT: Reason = ("pair", "of answers with the same text")
BETWEEN: Reason = ("grade", "between the best level and the worst")


class Preference(Struct):
    """TRL's preference with an explicit prompt."""

    prompt: Told
    chosen: Told
    rejected: Told


class Labelled(Struct):
    """TRL's unpaired preference."""

    prompt: Told
    completion: Told
    label: bool


def preferences(judged: Judged, left_out: Counter[Reason]) -> Iterator[Preference]:
    """Of the pairs that have a winner."""
    preference = _Preferences(judged)
    for each in judged.preferences():
        first, second = each.answers
        if each.side not in ("response", "other"):
            left_out[NO_WINNER] += 1
        elif first == second:
            left_out[SAME_TEXT] += 1
        elif each.side == "response":
            yield preference(each, first, second)
        else:
            yield preference(each, second, first)


def preferences_of_grades(judged: Judged, left_out: Counter[Reason]) -> Iterator[Preference]:
    """Of each two answers to one item that one grader gave different values by one criterion."""
    preference = _Preferences(judged)
    for sheet in judged.sheets():
        if len({each.value for each in sheet}) == 1 or not (asked := judged.item(sheet[0].item_hash)):
            continue
        answers = judged.answers([each.response_id for each in sheet])
        for one, other in combinations(sheet, 2):
            if one.value == other.value:
                continue
            better, worse = (one, other) if one.value > other.value else (other, one)
            chosen, rejected = answers[better.response_id], answers[worse.response_id]
            if chosen == rejected:
                left_out[SAME_TEXT] += 1
            else:
                yield preference(asked, chosen, rejected)


def labelled(judged: Judged, left_out: Counter[Reason]) -> Iterator[Labelled]:
    """Of the grades with the best level and with the worst."""
    as_messages = judged.has_messages()
    scales = _Scales(judged.connection)
    for each in judged.grades():
        worst, best = scales.ends(each.rubric_hash, each.criterion)
        if each.level in (worst, best):
            asked = prompt(each, as_messages=as_messages)
            yield Labelled(asked, completion(each.answer, as_messages=as_messages), each.level == best)
        else:
            left_out[BETWEEN] += 1


class _Preferences:
    """Makes preferences, all of them plain or all of them of messages: a column has one type."""

    def __init__(self, judged: Judged) -> None:
        self._as_messages = judged.has_messages()

    def __call__(self, asked: Asked, chosen: str, rejected: str) -> Preference:
        better, worse = (completion(each, as_messages=self._as_messages) for each in (chosen, rejected))
        return Preference(prompt(asked, as_messages=self._as_messages), better, worse)


class _Level(Struct):
    label: str


class _Criterion(Struct):
    name: str
    levels: list[_Level]


class _Scales:
    """The worst and the best level of each criterion."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ends: dict[tuple[str, str], tuple[str, str]] = {}

    def ends(self, rubric_hash: str, criterion: str) -> tuple[str, str]:
        """Their labels; empty where there are no two levels."""
        if (rubric_hash, criterion) not in self._ends:
            self._read(rubric_hash)
        return self._ends.setdefault((rubric_hash, criterion), ("", ""))

    def _read(self, rubric_hash: str) -> None:
        rows = self._connection.query("SELECT hash, criteria FROM rubrics WHERE hash = ?", [rubric_hash])
        for row in rows:
            try:
                criteria = msgspec.json.decode(row["criteria"], type=list[_Criterion])
            except msgspec.MsgspecError as error:
                self._connection.pass_over("rubrics", {"id": row["hash"]}, error)
                continue
            for each in criteria:
                if len(each.levels) > 1:
                    self._ends[rubric_hash, each.name] = (each.levels[0].label, each.levels[-1].label)
