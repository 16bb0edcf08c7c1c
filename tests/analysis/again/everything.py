"""All figures of an exported folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .agreement import between, with_oneself, with_reports
from .habits import guesses, habits, known_answers, looks
from .models import MEASURES, data, differences, family, first, item_means, of_models, ranges
from .pairs import ranking, shares
from .rows import Rows, by, read

if TYPE_CHECKING:
    from pathlib import Path

ALL = ""
"""The name of all tasks."""


def everything(folder: Path) -> dict:
    rows = read(folder)
    return {
        "models": {kind: _models(given, rows) for kind, given in by(rows.grades, "kind").items()},
        "pairs": {kind: _pairs(given) for kind, given in by(rows.pairs, "kind").items()},
        "agreement": {kind: between(given) for kind, given in by(rows.grades, "kind").items()},
        "oneself": with_oneself(rows.grades),
        "reports": with_reports(rows.grades),
        "habits": _habits(rows),
        "guesses": guesses(rows),
        "known": known_answers(rows),
        "looks": looks(rows),
    }


def _models(grades, rows: Rows) -> dict:
    primary = family(grades)
    return {
        "family": primary,
        "ranks": ranges([each for each in grades if each.criterion == primary]),
        "criteria": {
            criterion: {
                task: _scope(given, rows, task, tested=criterion == primary and task == ALL)
                for task, given in _tasks(of_criterion).items()
            }
            for criterion, of_criterion in by(grades, "criterion").items()
        },
    }


def _tasks(judgements) -> dict:
    names = sorted({each.item[0] for each in judgements})
    return {ALL: judgements} | {name: [each for each in judgements if each.item[0] == name] for name in names}


def _scope(grades, rows: Rows, task: str, *, tested: bool) -> dict:
    answers = [answer for answer in rows.answers if task in (ALL, answer.item[0])]
    return {
        "models": of_models(grades, answers),
        "differences": {
            measure: differences(grades, measure, tested=tested and measure == "strict")
            for measure in MEASURES
        },
        "items": _items(grades),
    }


def _items(grades) -> dict:
    """What each model is given for each item."""
    told = data(first(grades))
    models = sorted({each.answer.model for each in told})
    return {
        model: {
            measure: item_means([each for each in told if each.answer.model == model], measure)
            for measure in MEASURES
        }
        for model in models
    }


def _pairs(pairs) -> dict:
    return {
        criterion: {"shares": shares(given), "ranking": ranking(given)}
        for criterion, given in by(pairs, "criterion").items()
    }


def _habits(rows: Rows) -> dict:
    pairs = by(rows.pairs, "kind", "person", "criterion")
    grades = by(rows.grades, "kind", "person", "criterion")
    return {key: habits(grades.get(key, []), pairs.get(key, [])) for key in sorted({*grades, *pairs})}
