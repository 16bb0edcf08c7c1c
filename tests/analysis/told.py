"""The figures of the independent script, told as `llm-grader results --format json` tells its own."""

from __future__ import annotations

from typing import Any

Figures = dict[Any, Any]
KINDS = ("person", "model", "report")


def answered(again: Figures) -> list[Figures]:
    renamed = {"otherwise": "asked_otherwise"}
    return [
        {"model": again["names"][model]} | {renamed.get(name, name): count for name, count in counts.items()}
        for model, counts in again["answers"].items()
    ]


def criteria(again: Figures, kind: str) -> list[Figures]:
    return [_criterion(again, name, figures) for name, figures in again["models"][kind].items()]


def looks(again: Figures) -> list[Figures]:
    return [
        {"grader": again["persons"][person], "into": into, "judged": judged, "planned": planned}
        for person, into, judged, planned in again["looks"]
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
    return [{"model": names[model]} | of for model, of in figures.items()]


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
        "is_tested": figures["is_primary"],
        "ranks": _ranks(names, figures["ranks"]),
        "needed": figures["needed"],
    }


def _difference(names: Figures, figures: Figures) -> Figures:
    first, second = figures["models"]
    kept = {name: each for name, each in figures.items() if name != "models"}
    return kept | {"first": names[first], "second": names[second]}


def _ranks(names: Figures, ranks: Figures) -> list[Figures]:
    return [{"model": names[model], "first": first, "last": last} for model, (first, last) in ranks.items()]
