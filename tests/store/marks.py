"""Judged answers written as strings: a letter for each item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from tui.store.records import RubricRecord

from . import make

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.store.database import Store
    from tui.store.judgement_records import SessionRecord
    from tui.store.records import ItemRecord, ResponseRecord

LEVELS = {"f": ("fail", 0.0), "a": ("partial", 0.5), "p": ("pass", 1.0)}
SKIP, LEFT = "s", "."
RUBRIC = RubricRecord(
    hash=make.digest("three levels"),
    criteria=msgspec.json.encode(
        [
            {
                "name": "overall",
                "levels": [{"label": label, "value": value} for label, value in LEVELS.values()],
            }
        ]
    ).decode(),
)

Answers = dict[str, list["ResponseRecord"]]


def item(number: int, task: str = "code") -> ItemRecord:
    return replace(make.item(task, number, f"{task} question {number}"), rubric_hash=RUBRIC.hash)


def answer(store: Store, model: str, to: ItemRecord, text: str, sample: int = 1) -> ResponseRecord:
    weights = replace(make.WEIGHTS, sha256=make.digest(f"weights of {model}"))
    names = {"weights_sha256": weights.sha256, "sample": sample, "text": text}
    made = make.response(make.new_id(), of=make.model(model), to=to, **names)
    recorded = make.recorded(made, of=make.model(model), to=to, weights=weights)
    store.responses.add(replace(recorded, rubric=RUBRIC))
    return made


def answers(store: Store, models: Mapping[str, int], *, task: str = "code") -> Answers:
    """So many of each model, one to an item."""
    return {
        model: [
            answer(store, model, item(number, task), f"{model} {number}") for number in range(1, count + 1)
        ]
        for model, count in models.items()
    }


def begun(store: Store, grader: str = "mei", **changes: object) -> SessionRecord:
    named = {"mode": "grade", "app_version": "0", "seed": 1, "blind": True} | changes
    return store.sessions.begin(grader, **named)


def give(
    store: Store, session: SessionRecord, of: Answers, marks: Mapping[str, str], **changes: object
) -> None:
    """To each model's answers, in their order; LEFT is left out."""
    for model, letters in marks.items():
        for response, letter in zip(of[model], letters, strict=True):
            label, value = LEVELS.get(letter, (None, None))
            names = {"session_id": session.id, "grader_id": session.grader_id, "blind": bool(session.blind)}
            names |= {"kind": "skip" if letter == SKIP else "grade", "value": value}
            if letter != LEFT:
                store.judgements.add(make.grade(response, label, **names | changes))


def graded(store: Store, marks: Mapping[str, str], grader: str = "mei") -> Answers:
    """Answers, and a blind session of a grader over them that is revealed."""
    of = answers(store, {model: len(letters) for model, letters in marks.items()})
    session = begun(store, grader)
    give(store, session, of, marks)
    store.sessions.reveal(session.id)
    return of
