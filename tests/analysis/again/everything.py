"""All figures of an exported folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .agreement import between, disagreements, of_two, with_oneself, with_reports
from .habits import guesses, habits, known_answers, looks, seconds
from .models import (
    by_model,
    cells,
    compared,
    data,
    differences,
    family,
    first,
    of_answers,
    of_graders,
    of_models,
    ranges,
)
from .names import names
from .needed import needed
from .only import ALL, Only
from .pairs import counts, ranking, shares
from .rows import Rows, by, read

if TYPE_CHECKING:
    from pathlib import Path


def everything(folder: Path, only: Only = ALL) -> dict:
    rows = only.of(read(folder))
    return {
        "names": names(answer.model for answer in rows.answers if not answer.known),
        "persons": rows.names,
        "graders": {
            kind: sorted({each.person for each in given})
            for kind, given in by(rows.grades + rows.pairs, "kind").items()
        },
        "answers": of_answers(rows.answers),
        "otherwise": [answer.id for answer in rows.answers if answer.asked_otherwise and not answer.known],
        "unrevealed": rows.unrevealed,
        "models": {
            kind: _models(given, is_filtered=only != ALL) for kind, given in by(rows.grades, "kind").items()
        },
        "pairs": {kind: _pairs(given) for kind, given in by(rows.pairs, "kind").items()},
        "agreement": {kind: between(given) for kind, given in by(rows.grades, "kind").items()},
        "two": {kind: of_two(given) for kind, given in by(rows.grades, "kind").items()},
        "disagreements": {kind: disagreements(given) for kind, given in by(rows.grades, "kind").items()},
        "oneself": with_oneself(rows.grades),
        "reports": with_reports(rows.grades),
        "seconds": {kind: seconds(given) for kind, given in by(rows.grades, "kind").items()},
        "habits": _habits(rows),
        "looks": looks(rows),
    }


def _models(grades, *, is_filtered: bool) -> dict:
    primary = family(grades)
    return {
        criterion: _criterion(given, is_primary=criterion == primary, is_filtered=is_filtered)
        for criterion, given in by(grades, "criterion").items()
        if first(given)
    }


def _criterion(grades, *, is_primary: bool, is_filtered: bool) -> dict:
    is_tested = is_primary and not is_filtered
    found = differences(grades, tested=is_tested)
    counted = first(grades)
    tasks = sorted({each.item[0] for each in counted})
    return {
        "is_primary": is_primary,
        "judgements": sum(not each.skipped for each in counted),
        "skipped": sum(each.skipped for each in counted),
        "models": of_models(grades),
        "tasks": {task: of_models([each for each in counted if each.item[0] == task]) for task in tasks},
        "items": {item: cells(given) for item, given in by(counted, "item").items()},
        "graders": of_graders(grades),
        "compared": compared(by_model(data(counted))),
        "differences": found,
        "is_tested": is_tested,
        "ranks": ranges(found) if is_tested else {},
        "needed": needed(found),
    }


def _pairs(pairs) -> dict:
    return {
        criterion: counts(given) | {"shares": shares(given), "ranking": ranking(given)}
        for criterion, given in by(pairs, "criterion").items()
    }


def _habits(rows: Rows) -> dict:
    pairs = by(rows.pairs, "kind", "person", "criterion")
    grades = by(rows.grades, "kind", "person", "criterion")
    guessed, known = guesses(rows), known_answers(rows)
    return {
        key: habits(grades.get(key, []), pairs.get(key, []))
        | {"guesses": guessed.get(key[1]), "controls": known.get(key)}
        for key in sorted({*grades, *pairs})
        if key[0] != "report"
    }
