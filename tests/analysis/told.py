"""The figures of the independent script, told as `llm-grader results --format json` tells its own."""

from __future__ import annotations

from typing import Any

Figures = dict[Any, Any]
KINDS = ("person", "model", "report")


def answered(again: Figures) -> list[Figures]:
    renamed = {"otherwise": "asked_otherwise"}
    return [
        {"model": again["names"][model], "is_printed": ":" not in model[2]}
        | {renamed.get(name, name): count for name, count in counts.items()}
        for model, counts in again["answers"].items()
    ]


def graders(again: Figures, kind: str) -> list[str]:
    return [again["persons"][person] for person in again["graders"][kind]]


def criteria(again: Figures, kind: str) -> list[Figures]:
    return [_criterion(again, name, figures) for name, figures in again["models"].get(kind, {}).items()]


def looks(again: Figures) -> list[Figures]:
    return [
        {
            "grader": again["persons"][person],
            "session": session,
            "into": into,
            "judged": judged,
            "planned": planned,
        }
        for session, person, into, judged, planned in again["looks"]
    ]


def _criterion(again: Figures, name: str, figures: Figures) -> Figures:
    names = again["names"]
    return {
        "criterion": name,
        **{key: figures[key] for key in ("is_primary", "judgements", "skipped")},
        "models": _models(names, figures["models"]),
        "tasks": [{"name": task, "models": _models(names, of)} for task, of in figures["tasks"].items()],
        "items": [
            {"task": task, "prompt_hash": prompt_hash, "cells": _cells(names, cells)}
            for (task, prompt_hash), cells in figures["items"].items()
        ],
        "graders": [
            {"grader": again["persons"][person], "model": names[model], "own": own, "others": others}
            for (person, model), (own, others) in figures["graders"].items()
        ],
        "comparison": _comparison(names, figures),
    }


def _models(names: Figures, figures: Figures) -> list[Figures]:
    return [{"model": names[model], "is_printed": ":" not in model[2]} | of for model, of in figures.items()]


def _cells(names: Figures, cells: Figures) -> list[Figures]:
    return [
        {
            "model": names[model],
            **{key: cell[key] for key in ("mean", "strict", "judgements")},
            "levels": [label for _, label in cell["given"]],
            "response_ids": [id_ for id_, _ in cell["given"]],
        }
        for model, cell in cells.items()
    ]


def _comparison(names: Figures, figures: Figures) -> Figures | None:
    if len(figures["compared"]) < 2:
        return None
    differences = [_difference(names, each) for each in figures["differences"]]
    return {
        "items": differences[0]["items"] if differences else 0,
        "differences": differences,
        "is_tested": figures["is_tested"],
        "ranks": _ranks(names, figures["ranks"]),
        "needed": figures["needed"],
    }


def _difference(names: Figures, figures: Figures) -> Figures:
    first, second = figures["models"]
    kept = {name: each for name, each in figures.items() if name != "models"}
    return kept | {"first": names[first], "second": names[second]}


def changes(again: Figures, names: Figures) -> Figures:
    return {
        "pairs": again["pairs"],
        "identical": again["identical"],
        "changes": [
            {"kind": kind, "criterion": criterion} | each
            for (kind, criterion), each in again["changes"].items()
        ],
        "preferences": [
            {"kind": kind, "criterion": criterion, "share": _share(names, share)}
            for (kind, criterion), of in again["shares"].items()
            for share in of
        ],
    }


def _ranks(names: Figures, ranks: Figures) -> list[Figures]:
    return [{"model": names[model], "first": first, "last": last} for model, (first, last) in ranks.items()]


def preferences(again: Figures, kind: str) -> list[Figures]:
    names = again["names"]
    return [
        {
            "criterion": criterion,
            **{key: figures[key] for key in ("judgements", "items", "skipped", "both_bad")},
            "shares": [_share(names, each) for each in figures["shares"]],
            "strengths": _strengths(names, figures["ranking"]["models"]),
            "pieces": _pieces(names, figures["ranking"]["pieces"]),
        }
        for criterion, figures in again["pairs"].get(kind, {}).items()
    ]


def _share(names: Figures, figures: Figures) -> Figures:
    first, second = figures["models"]
    kept = {name: each for name, each in figures.items() if name != "models"}
    return kept | {"first": names[first], "second": names[second]}


def _strengths(names: Figures, figures: Figures) -> list[Figures]:
    return [
        {
            "model": names[model],
            **{key: figures[model][key] for key in ("estimate", "low", "high")},
            "rank": _ranks(names, {model: figures[model]["ranks"]})[0],
        }
        for model in figures
    ]


def _pieces(names: Figures, pieces: list[tuple[Any, ...]]) -> list[list[str]]:
    """Of several."""
    return [[names[model] for model in piece] for piece in pieces] if len(pieces) > 1 else []


def agreements(again: Figures, kind: str) -> list[Figures]:
    """Between the graders of a kind, of each with themselves, and with a report."""
    whose = {*again["graders"].get(kind, [])}
    found = {
        "graders": again["agreement"].get(kind, {}),
        "pair": again["two"].get(kind, {}),
        "oneself": {key: each for key, each in again["oneself"].items() if {*key[0]} <= whose},
        "report": {key: each for key, each in again["reports"].items() if key[0][0] in whose},
    }
    return [
        {
            "between": between,
            "graders": [again["persons"][person] for person in persons],
            "criterion": criterion,
            "levels": list(scale.labels),
            **{name: figures[name] for name in ("answers", "items", "same", "coefficient", "table")},
            "raw": figures["raw"]["estimate"],
            "low": figures["raw"]["low"],
            "high": figures["raw"]["high"],
        }
        for between, of in found.items()
        for (persons, criterion, scale), figures in of.items()
    ]


def disagreements(again: Figures, kind: str) -> list[Figures]:
    return [
        {
            "response_id": each["answer"].id,
            "model": again["names"][each["answer"].model],
            "criterion": each["criterion"],
            "given": [[again["persons"][person], label] for person, label in each["given"].items()],
            "distance": each["distance"],
        }
        for each in again["disagreements"].get(kind, [])
    ]


def seconds(again: Figures, kind: str) -> list[Figures]:
    persons = again["persons"]
    return [{"grader": persons[person]} | each for person, each in again["seconds"].get(kind, {}).items()]


def habits(again: Figures, kind: str) -> list[Figures]:
    """Of each grader and criterion."""
    return [
        _habits(again, figures) | {"grader": again["persons"][person], "criterion": criterion}
        for (of_kind, person, criterion), figures in again["habits"].items()
        if of_kind == kind
    ]


def _habits(again: Figures, figures: Figures) -> Figures:
    seen = {name: each for name, each in figures["habits"].items() if each}
    return {
        "judgements": figures["judgements"],
        "median_seconds": figures["median_seconds"],
        "habits": [{"name": name} | each for name, each in seen.items()],
        "same_text": [
            {"answers": [[id_, again["names"][model], label] for id_, model, label in answers]}
            for answers in figures["same_texts"]
        ],
        "guesses": figures["guesses"],
        "controls": figures["controls"],
    }
