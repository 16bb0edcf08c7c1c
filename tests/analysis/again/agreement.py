"""Agreement between graders, with oneself, and with a printed report."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from math import comb

import numpy

from .numbers import quantiles, weights
from .rows import by

LEAST, CERTAIN = 10, 30
ONE_SIDED = 0.85
LEAST_WITH_ONESELF = 200


def between(judgements):
    """Of the graders of one kind, by criterion and scale."""
    found = {}
    for (criterion, scale), grades in by(_grades(judgements, "first"), "criterion", "scale").items():
        answers = _levels(grades)
        shared = {answer: levels for answer, levels in answers.items() if len(levels) > 1}
        graders = tuple(sorted({person for levels in shared.values() for person in levels}))
        if shared:
            found[graders, criterion, scale] = _figure(shared, scale)
    return found


def of_two(judgements):
    """Of each two of three graders or more: the raw share."""
    found = {}
    for (criterion, scale), grades in by(_grades(judgements, "first"), "criterion", "scale").items():
        answers = _levels(grades)
        graders = sorted({each.person for each in grades})
        for two in combinations(graders, 2) if len(graders) > 2 else ():
            common = _common(answers, answers, *two)
            if common:
                told = {"coefficient": None, "table": _counts(common, scale)}
                found[two, criterion, scale] = _figure(common, scale) | told
    return found


def disagreements(judgements):
    """The answers that graders of one kind graded differently, by criterion and scale: what each gave."""
    found = []
    for (criterion, scale), grades in by(_grades(judgements, "first"), "criterion", "scale").items():
        for answer, levels in _levels(grades).items():
            distance = max(levels.values()) - min(levels.values())
            if distance:
                given = {person: scale.labels[level] for person, level in sorted(levels.items())}
                found.append({"answer": answer, "criterion": criterion, "given": given, "distance": distance})
    return sorted(found, key=_farthest_first)


def _farthest_first(each):
    answer = each["answer"]
    return -each["distance"], answer.item, answer.model, each["criterion"], answer.id


def with_oneself(judgements):
    """Of each grader, criterion and scale."""
    before = by(_grades(judgements, "first"), "person", "criterion", "scale")
    after = by([each for each in _grades(judgements, "repeat") if each.blind], "person", "criterion", "scale")
    found = {}
    for (person, criterion, scale), grades in after.items():
        earlier = _levels(before.get((person, criterion, scale), []))
        common = _common(earlier, _levels(grades), person, person)
        if common:
            key = (person,), criterion, scale
            found[key] = _figure(common, scale, LEAST_WITH_ONESELF) | {"table": _counts(common, scale)}
    return found


def with_reports(judgements):
    """Of each other grader and each report, criterion and scale."""
    grades = _grades(judgements, "first")
    kinds = {each.person: each.kind for each in grades}
    found = {}
    for (criterion, scale), given in by(grades, "criterion", "scale").items():
        answers = _levels(given)
        for person in sorted(kinds):
            for report in sorted(kinds):
                if kinds[person] != "report" == kinds[report]:
                    common = _common(answers, answers, person, report)
                    if common:
                        told = _figure(common, scale) | {"table": _counts(common, scale)}
                        found[(person, report), criterion, scale] = told
    return found


def _grades(judgements, occasion):
    return [each for each in judgements if each.counts and each.occasion == occasion and not each.skipped]


def _levels(grades):
    """Of each answer the level that each grader gave."""
    found = defaultdict(dict)
    for each in grades:
        found[each.answer][each.person] = each.level
    return found


def _common(answers, others, one, other):
    """What the one gave, and what the other did among these others."""
    return {
        answer: {"one": levels[one], "other": others[answer][other]}
        for answer, levels in answers.items()
        if one in levels and other in others.get(answer, {})
    }


def _figure(answers, scale, least=LEAST):
    size = len(scale.labels)
    items = sorted({answer.item for answer in answers})
    coincidences, of_answers = numpy.zeros((2, len(items), size, size))
    for answer, levels in answers.items():
        told = ordered_pairs([*levels.values()], size)
        coincidences[items.index(answer.item)] += told / (len(levels) - 1)
        of_answers[items.index(answer.item)] += told / (len(levels) * (len(levels) - 1))
    found = {
        "answers": len(answers),
        "items": len(items),
        "same": sum(len({*levels.values()}) == 1 for levels in answers.values()),
        "raw": _with_interval(raw, coincidences),
        "coefficient": None,
        "table": coincidences.sum(axis=0).tolist(),
    }
    grades = coincidences.sum(axis=(0, 1))
    if len(answers) >= least and (grades > 0).sum() > 1:
        is_one_sided = grades.max() >= ONE_SIDED * grades.sum() - 1e-9
        told = _with_interval(ac2, of_answers) if is_one_sided else _with_interval(alpha, coincidences)
        name = "AC2" if is_one_sided else "alpha"
        found["coefficient"] = told | {"name": name, "is_tentative": len(answers) < CERTAIN}
    return found


def ordered_pairs(levels, size):
    """How often each level stands before each in all ordered pairs of the grades of an answer."""
    table = numpy.zeros((size, size))
    for place, one in enumerate(levels):
        for other in levels[:place] + levels[place + 1 :]:
            table[one, other] += 1
    return table


def raw(tables):
    return numpy.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))


def alpha(tables):
    """Of tables of coincidences."""
    grades = tables.sum(axis=2)
    count = grades.sum(axis=1)
    middle = grades.cumsum(axis=1) - grades / 2
    apart = (middle[:, :, None] - middle[:, None, :]) ** 2
    observed = (tables * apart).sum(axis=(1, 2))
    expected = (grades[:, :, None] * grades[:, None, :] * apart).sum(axis=(1, 2)) / (count - 1)
    return 1 - observed / expected


def ac2(tables):
    """Of tables in which each answer is once."""
    size = tables.shape[-1]
    alike = numpy.array([
        [1 - comb(abs(i - j) + 1, 2) / comb(size, 2) for j in range(size)] for i in range(size)
    ])  # fmt: skip
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    observed = (shares * alike).sum(axis=(1, 2))
    levels = shares.sum(axis=2)
    expected = alike.sum() * (levels * (1 - levels)).sum(axis=1) / (size * (size - 1))
    return (observed - expected) / (1 - expected)


def _counts(common, scale):
    """How often each level of the one, a row, met each of the other."""
    table = numpy.zeros((len(scale.labels), len(scale.labels)))
    for levels in common.values():
        table[levels["one"], levels["other"]] += 1
    return table.tolist()


def _with_interval(coefficient, tables):
    whole = tables.sum(axis=0)
    low, high = quantiles(coefficient(_drawn(tables)))
    same = numpy.trace(whole)
    return {
        "estimate": float(coefficient(whole[None])[0]),
        "low": 0.0 if same == 0 and coefficient is raw else low,
        "high": 1.0 if abs(same - whole.sum()) < 1e-9 else high,
    }


def _drawn(tables):
    """The table of each draw."""
    count, size, _ = tables.shape
    items, prior = weights(count, size * size)
    scale = (count + 1) / (items.sum(axis=1) + prior.sum(axis=1))
    average = tables.sum() / count
    cells = prior.reshape(-1, size, size)
    told = average * (cells + cells.transpose(0, 2, 1)) / 2
    return (numpy.einsum("dn,nij->dij", items, tables) + told) * scale[:, None, None]
