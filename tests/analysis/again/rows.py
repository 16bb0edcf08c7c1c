"""The rows of an exported folder, sorted into what goes into figures and what does not."""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

csv.field_size_limit(sys.maxsize // 2**32)


@dataclass(frozen=True, order=True)
class Scale:
    """The levels of a criterion, from worst to best."""

    labels: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Answer:
    id: str
    item: tuple[str, str]
    """Task, and hash of the prompt."""
    name: str
    """Of the item: its task and number."""
    model: tuple[str, str, str]
    """Name, hash of its configuration, origin."""
    sample: int
    turn: int
    text: str
    """Without its reasoning."""
    text_sha256: str
    finish_reason: str
    asked_otherwise: bool
    criteria: frozenset[str]
    """Of the rubric of the item as it was asked."""
    known: str
    """`practice` or `control` of an answer that a task gives, empty of a model's."""

    @property
    def failed(self) -> bool:
        """True where that it ended is no fault of the model."""
        return self.finish_reason in ("failed", "cancelled")

    @property
    def empty(self) -> bool:
        return not self.text.strip(" \t\r\n")

    @property
    def broken(self) -> bool:
        return self.empty or self.finish_reason == "length"


@dataclass(frozen=True)
class Judgement:
    """A grade or a skip of an answer, or of a pair of them."""

    place: tuple[int, str]
    """Its place in the order of arrival."""
    session: str
    kind: str
    """The kind of its grader."""
    person: str
    answer: Answer
    other: Answer | None
    criterion: str
    occasion: str
    blind: bool
    skipped: bool
    scale: Scale | None
    level: int
    """Its place in the scale, from 0."""
    value: float
    side: str
    position: int | None
    seconds: float | None
    names_itself: bool | None
    unread: int | None

    @property
    def item(self) -> tuple[str, str]:
        return self.answer.item

    @property
    def answers(self) -> tuple[Answer, ...]:
        return (self.answer,) if self.other is None else (self.answer, self.other)

    @property
    def counts(self) -> bool:
        """False of what no figure about models is made of, nor one of agreement."""
        return not any(answer.failed or answer.known for answer in self.answers)

    @property
    def otherwise(self) -> bool:
        return any(answer.asked_otherwise for answer in self.answers)

    @property
    def label(self) -> str:
        return "skip" if self.skipped else self.scale.labels[self.level]

    def graded(self, level: int) -> Judgement:
        """The same, had it been that level."""
        level %= len(self.scale.labels)
        return replace(self, skipped=False, level=level, value=self.scale.values[level])


@dataclass(frozen=True)
class Rows:
    answers: list[Answer]
    grades: list[Judgement]
    """Those of single answers that are in force, of all occasions."""
    pairs: list[Judgement]
    known: dict[tuple[str, str], str]
    """The label that is given to a known answer, by its id and the criterion."""
    guesses: list[dict[str, str]]
    """The newest of each session and answer."""
    guessable: dict[tuple[str, str], set[str]]
    """The names of the models that answered each item."""
    looks: list[dict[str, str]]
    chosen: dict[str, list[str]]
    """The names of the models that a session chose; none for all."""
    persons: dict[str, str]
    """The id of whoever began a session."""
    names: dict[str, str]
    """The name of each person, by id."""
    unrevealed: list[str]
    """The sessions that are blind still."""


def read(folder: Path) -> Rows:
    scales = _scales(folder)
    criteria = _criteria(folder, scales)
    answers = {row["id"]: _answer(row, criteria) for row in _table(folder, "responses") if not _hidden(row)}
    judged = [
        _judgement(row, answers, scales)
        for row in _table(folder, "grades")
        if row["in_force"] == "1" and row["practice"] == "0" and not _hidden(row)
        if row["kind"] in ("grade", "skip", "preference")
    ]
    return Rows(
        answers=list(answers.values()),
        grades=[each for each in judged if each.other is None],
        pairs=[each for each in judged if each.other is not None],
        known={
            (row["response_id"], row["criterion"]): row["level"] for row in _table(folder, "known_answers")
        },
        guesses=_newest_guesses(folder, answers),
        guessable=_guessable(answers.values()),
        looks=_table(folder, "looks"),
        chosen={
            row["id"]: json.loads(row["selection"]).get("models", []) for row in _table(folder, "sessions")
        },
        persons=_persons(folder),
        names={row["id"]: row["name"] for row in _table(folder, "graders")},
        unrevealed=_unrevealed(folder),
    )


def by(rows, *names):
    """The rows by the values of these attributes, in the order of those."""
    found = defaultdict(list)
    for row in rows:
        values = tuple(getattr(row, name) for name in names)
        found[values if len(names) > 1 else values[0]].append(row)
    return dict(sorted(found.items()))


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _hidden(row: dict[str, str]) -> bool:
    """True of what a session that is blind and not revealed asks."""
    return row["model"] == "hidden" and not row["model_config_hash"]


def _answer(row: dict[str, str], criteria: dict[str, frozenset[str]]) -> Answer:
    return Answer(
        id=row["id"],
        item=(row["task"], row["prompt_hash"]),
        name=f"{row['task']}/{row['prompt_number']}",
        model=(row["model"], row["model_config_hash"], row["origin"]),
        sample=int(row["sample"]),
        turn=int(row["turn"]),
        text=_without_reasoning(row),
        text_sha256=row["text_sha256"],
        finish_reason=row["finish_reason"],
        asked_otherwise=row["asked_otherwise"] != "",
        criteria=criteria.get(row["item_hash"], frozenset()),
        known=row["origin"].partition("known:")[2] if row["origin"].startswith("known:") else "",
    )


def _without_reasoning(row: dict[str, str]) -> str:
    start, end = (_number(row[name], int) or 0 for name in ("reasoning_start", "reasoning_end"))
    return row["text"][:start] + row["text"][end:]


def _scales(folder: Path) -> dict[tuple[str, str], Scale]:
    """The scale of each criterion of each rubric."""
    found = {}
    for rubric in _table(folder, "rubrics"):
        for criterion in json.loads(rubric["criteria"]):
            levels = criterion["levels"]
            labels, values = zip(*((level["label"], level["value"]) for level in levels), strict=True)
            found[rubric["hash"], criterion["name"]] = Scale(labels, values)
    return found


def _criteria(folder: Path, scales: dict[tuple[str, str], Scale]) -> dict[str, frozenset[str]]:
    """By the hash of the item."""
    return {
        item["hash"]: frozenset(name for rubric, name in scales if rubric == item["rubric_hash"])
        for item in _table(folder, "items")
    }


def _judgement(row, answers, scales) -> Judgement:
    scale = scales.get((row["rubric_hash"], row["criterion"]))
    return Judgement(
        place=(int(row["seq"]), row["id"]),
        session=row["session_id"],
        kind=row["grader_kind"],
        person=row["person_id"],
        answer=answers[row["response_id"]],
        other=answers[row["other_response_id"]] if row["other_response_id"] else None,
        criterion=row["criterion"],
        occasion=row["occasion"],
        blind=row["blind"] == "1",
        skipped=row["kind"] == "skip",
        scale=scale,
        level=scale.labels.index(row["label"]) if row["kind"] == "grade" else -1,
        value=float(row["value"]) if row["kind"] == "grade" else 0.0,
        side=row["side"],
        position=_number(row["position"], int),
        seconds=_number(row["grading_seconds"], float),
        names_itself={"": None, "0": False, "1": True}[row["names_itself"]],
        unread=_number(row["rows_unread"], int),
    )


def _number(cell: str, kind):
    return kind(cell) if cell else None


def _newest_guesses(folder: Path, answers: dict[str, Answer]) -> list[dict[str, str]]:
    rows = sorted(_table(folder, "guesses"), key=lambda row: (int(row["seq"]), row["id"]))
    newest = {(row["session_id"], row["response_id"]): row for row in rows if row["response_id"] in answers}
    return list(newest.values())


def _guessable(answers) -> dict[tuple[str, str], set[str]]:
    found = defaultdict(set)
    for answer in answers:
        if not answer.failed and not answer.known:
            found[answer.item].add(answer.model[0])
    return found


def _persons(folder: Path) -> dict[str, str]:
    same = {row["id"]: {row["id"]} for row in _table(folder, "graders")}
    for row in _table(folder, "grader_aliases"):
        together = same[row["grader_id"]] | same[row["same_as"]]
        same |= dict.fromkeys(together, together)
    return {row["id"]: min(same[row["grader_id"]]) for row in _table(folder, "sessions")}


def _unrevealed(folder: Path) -> list[str]:
    revealed = {row["session_id"] for row in _table(folder, "reveals")}
    return [
        row["id"] for row in _table(folder, "sessions") if row["blind"] == "1" and row["id"] not in revealed
    ]
