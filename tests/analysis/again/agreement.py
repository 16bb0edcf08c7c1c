"""Agreement between graders, with oneself, and with a printed report."""

from __future__ import annotations

from collections import defaultdict
from math import comb

import numpy

from .numbers import quantiles, weights

LEAST, CERTAIN = 10, 30
ONE_SIDED = 0.85
LEAST_WITH_ONESELF = 200


def between(judgements):
    """Of the graders of one kind, for each criterion and scale."""
    tables = defaultdict(lambda: defaultdict(list))
    for each in _grades(judgements, "first"):
        tables[each.criterion, each.scale.labels][each.answer].append(each.level)
    return _figures(tables, LEAST)


def with_oneself(judgements):
    """Of each grader, criterion and scale."""
    before = {(each.person, each.answer, each.criterion): each for each in _grades(judgements, "first")}
    tables = defaultdict(lambda: defaultdict(list))
    for each in _grades(judgements, "repeat"):
        earlier = before.get((each.person, each.answer, each.criterion))
        if each.blind and earlier and earlier.scale.labels == each.scale.labels:
            key = each.person, each.criterion, each.scale.labels
            tables[key][each.answer] = [earlier.level, each.level]
    return _figures(tables, LEAST_WITH_ONESELF)


def with_reports(judgements):
    """Of each person, report, criterion and scale."""
    grades = _grades(judgements, "first")
    tables = defaultdict(lambda: defaultdict(list))
    for one in grades:
        for other in grades:
            same = one.answer == other.answer and one.criterion == other.criterion
            if (
                one.kind == "person"
                and other.kind == "report"
                and same
                and one.scale.labels == other.scale.labels
            ):
                key = one.person, other.person, one.criterion, one.scale.labels
                tables[key][one.answer] = [one.level, other.level]
    return _figures(tables, LEAST)


def _grades(judgements, occasion):
    return [each for each in judgements if each.counts and each.occasion == occasion and not each.skipped]


def _figures(tables, least):
    found = {}
    for key, answers in sorted(tables.items()):
        shared = {answer: levels for answer, levels in answers.items() if len(levels) > 1}
        if shared:
            found[key] = _figure(shared, len(key[-1]), least)
    return found


def _figure(answers, size, least):
    items = sorted({answer.item for answer in answers})
    tables = numpy.zeros((len(items), size, size))
    for answer, levels in answers.items():
        tables[items.index(answer.item)] += coincidences(levels, size)
    whole = tables.sum(axis=0)
    grades = whole.sum(axis=1)
    varied = (grades > 0).sum() > 1
    found = {
        "answers": len(answers),
        "items": len(items),
        "raw": _with_interval(raw, tables),
        "coefficient": None,
        "table": whole.tolist(),
    }
    if len(answers) >= least and varied:
        one_sided = grades.max() >= ONE_SIDED * grades.sum() - 1e-9
        found["coefficient"] = _with_interval(ac2 if one_sided else alpha, tables)
        found["coefficient"] |= {
            "name": "AC2" if one_sided else "alpha",
            "is_tentative": len(answers) < CERTAIN,
        }
    return found


def coincidences(levels, size):
    """Each ordered pair of the grades of an answer."""
    table = numpy.zeros((size, size))
    for place, one in enumerate(levels):
        for other in levels[:place] + levels[place + 1 :]:
            table[one, other] += 1 / (len(levels) - 1)
    return table


def raw(tables):
    return numpy.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))


def alpha(tables):
    grades = tables.sum(axis=2)
    count = grades.sum(axis=1)
    middle = grades.cumsum(axis=1) - grades / 2
    apart = (middle[:, :, None] - middle[:, None, :]) ** 2
    observed = (tables * apart).sum(axis=(1, 2))
    expected = (grades[:, :, None] * grades[:, None, :] * apart).sum(axis=(1, 2)) / (count - 1)
    return 1 - observed / expected


def ac2(tables):
    size = tables.shape[-1]
    alike = numpy.array([
        [1 - comb(abs(i - j) + 1, 2) / comb(size, 2) for j in range(size)] for i in range(size)
    ])  # fmt: skip
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    observed = (shares * alike).sum(axis=(1, 2))
    levels = shares.sum(axis=2)
    expected = alike.sum() * (levels * (1 - levels)).sum(axis=1) / (size * (size - 1))
    return (observed - expected) / (1 - expected)


def _with_interval(coefficient, tables):
    estimate = float(coefficient(tables.sum(axis=0)[None])[0])
    low, high = _interval(coefficient, tables)
    return {"estimate": estimate, "low": low, "high": high}


def _interval(coefficient, tables):
    low, high = quantiles(coefficient(_drawn(tables)))
    whole = tables.sum(axis=0)
    same = numpy.trace(whole)
    if same == 0 and coefficient is raw:
        low = 0.0
    return low, 1.0 if abs(same - whole.sum()) < 1e-9 else high


def _drawn(tables):
    """The table of each draw."""
    count, size, _ = tables.shape
    items, prior = weights(count, size * size)
    scale = (count + 1) / (items.sum(axis=1) + prior.sum(axis=1))
    average = tables.sum() / count
    cells = prior.reshape(-1, size, size)
    told = average * (cells + cells.transpose(0, 2, 1)) / 2
    return (numpy.einsum("dn,nij->dij", items, tables) + told) * scale[:, None, None]
