"""A grader's habits, the same text graded differently, guesses, and known answers."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise
from math import inf
from statistics import median

import numpy

from .models import data, first
from .numbers import bootstrap, mean, wilson
from .pairs import preferences
from .rows import by

EDGES = (0, 2, 5, 10, 20, 30, 60, 120)


def habits(grades, pairs):
    """Of one grader and criterion."""
    told = data(first(grades))
    took = [each.seconds for each in told if each.seconds is not None]
    middle = median(took) if took else None
    found = {
        "longer answers": _longer(told),
        "shown first": _beside(told, lambda each: None if each.position is None else each.position == 1),
        "later": _later(told),
        "quick": _beside(told, lambda each: None if each.seconds is None else each.seconds < middle),
        "names itself": _beside(told, lambda each: each.names_itself),
        "rows unread": _beside(told, lambda each: None if each.unread is None else each.unread > 0),
        "left of a pair": _left(preferences(pairs)),
    }
    return {
        "judgements": len(told),
        "habits": {name: _figure(values) for name, values in found.items()},
        "median_seconds": middle,
        "same_texts": same_texts(first(grades)),
    }


def seconds(grades):
    """Of each grader: how long their grades took."""
    known = [each for each in first(grades) if not each.skipped and each.seconds is not None]
    found = {}
    for person, given in by(known, "person").items():
        took = [each.seconds for each in given]
        low, middle, high = numpy.quantile(took, [0.25, 0.5, 0.75]).tolist()
        bins = [sum(edge <= each < end for each in took) for edge, end in pairwise((*EDGES, inf))]
        found[person] = {"grades": len(took), "median": middle, "low": low, "high": high, "bins": bins}
    return found


def same_texts(grades):
    """The answers to one item with one text that were graded differently, with the label of each."""
    found = defaultdict(list)
    for each in grades:
        if not each.skipped:
            text = each.item, each.answer.text_sha256
            found[text].append((each.answer.id, each.answer.model, each.label))
    return [sorted(told) for _, told in sorted(found.items()) if len({label for *_, label in told}) > 1]


def guesses(rows):
    """Of each person: right guesses, and how many would be by chance."""
    answers = {answer.id: answer for answer in rows.answers if not answer.known}
    told = defaultdict(list)
    for guess in rows.guesses:
        session, answer = guess["session_id"], answers.get(guess["response_id"])
        if answer:
            names = rows.guessable[answer.item]
            names = names & {*rows.chosen[session]} if rows.chosen[session] else names
            told[rows.persons[session]].append((guess["model"] == answer.model[0], 1 / max(len(names), 1)))
    return {person: _guessed(each) for person, each in told.items()}


def _guessed(told):
    right = sum(is_right for is_right, _ in told)
    low, high = wilson(right, len(told))
    by_chance = sum(chance for _, chance in told)
    return {"right": right, "asked": len(told), "low": low, "high": high, "by_chance": by_chance}


def known_answers(rows):
    """Of each grader and criterion: controls that were graded, and how many as their task says."""
    found = {}
    controls = [each for each in rows.grades if each.answer.known == "control" and each.occasion == "first"]
    graded = [each for each in controls if not each.skipped]
    for key, given in by(graded, "kind", "person", "criterion").items():
        said = [rows.known.get((each.answer.id, each.criterion)) for each in given]
        same = sum(each.label == label for each, label in zip(given, said, strict=True))
        found[key] = {"judged": len(given), "right": same}
    return found


def looks(rows):
    """What was looked into, with how much of it judged."""
    ordered = sorted(rows.looks, key=lambda row: (int(row["seq"]), row["id"]))
    return [
        (
            row["session_id"],
            rows.persons[row["session_id"]],
            row["looked_into"],
            int(row["judged"]),
            int(row["planned"]),
        )
        for row in ordered
    ]


def _figure(by_item):
    values = [by_item[item] for item in sorted(by_item)]
    if not values:
        return None
    low, high = bootstrap(values, -1.0, 1.0)
    return {"items": len(values), "estimate": mean(values), "low": low, "high": high}


def _beside(told, side):
    """The mean of an item's data on one side less that on the other."""
    found = {}
    for item, given in by(told, "item").items():
        yes, no = ([each.value for each in given if side(each) is which] for which in (True, False))
        if yes and no:
            found[item] = mean(yes) - mean(no)
    return found


def _longer(told):
    found = {}
    for item, given in by(told, "item").items():
        signs = [
            1 if (len(one.answer.text) > len(other.answer.text)) == (one.value > other.value) else -1
            for one, other in combinations(given, 2)
            if len(one.answer.text) != len(other.answer.text) and one.value != other.value
        ]
        if signs:
            found[item] = mean(signs)
    return found


def _later(told):
    found = {}
    for given in _by_task(told).values():
        ordered = sorted(given, key=lambda each: each.place)
        half = (len(ordered) + 1) // 2
        before = mean([each.value for each in ordered[:half]])
        for item, later in by(ordered[half:], "item").items():
            found[item] = mean([each.value for each in later]) - before
    return found


def _by_task(told):
    found = defaultdict(list)
    for each in told:
        found[each.item[0]].append(each)
    return found


def _left(pairs):
    found = {}
    for item, given in by(pairs, "item").items():
        signs = [
            1 if (each.side == "response") == (each.position == 1) else -1
            for each in given
            if each.side in ("response", "other") and each.position is not None
        ]
        if signs:
            found[item] = mean(signs)
    return found
