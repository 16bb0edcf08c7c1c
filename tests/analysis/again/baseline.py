"""A printed report beside what people judged: verdicts, and the differences that conclusions are about."""

from __future__ import annotations

from collections import defaultdict

from .models import data, strict
from .numbers import bootstrap, mean

LARGER, SMALLER = "falcon-40b-instruct", "falcon-7b-instruct"


def verdicts(rows, report):
    """Of each answer that it prints, by the item's name and the model, and what people gave."""
    again, today = printed(rows, report), of_today(rows)
    found = {}
    for verdict in rows.grades:
        if verdict.kind == "report" and rows.names[verdict.person] == report:
            key = verdict.answer.name, verdict.answer.model[0]
            given = again.get(key)
            found[key] = {
                "verdict": verdict.label,
                "again": _told(given),
                "changed": _changed(verdict, given) if given else None,
                "today": _told(today.get(key)),
            }
    return found


def printed(rows, report):
    """What people gave to its answers, by the item's name and the model."""
    given = _of_people(rows, "first")
    return _by_item_and_model(each for each in given if each.answer.model[2] == report)


def of_today(rows):
    """What they gave to answers of the models that run here."""
    given = [each for each in _of_people(rows, "first") if not each.otherwise]
    found = _by_item_and_model(each for each in given if ":" in each.answer.model[2])
    if not any(model == LARGER for _, model in found):
        found |= {(item, LARGER): each for (item, model), each in found.items() if model == SMALLER}
    return found


def seen_before(rows, report):
    """How many of its answers were judged only after others' judgements were seen."""
    late, first = ({each.answer for each in _of_people(rows, when)} for when in ("after_others", "first"))
    return sum(answer.model[2] == report for answer in late - first)


def difference(given, one, other, task=""):
    """How much more often the one model has the best level, on the items, of a task or all, of both."""
    shares = defaultdict(dict)
    for (item, model), each in given.items():
        if item.startswith(task):
            shares[item][model] = mean([strict(datum) for datum in each])
    values = [
        shares[item][one] - shares[item][other] for item in sorted(shares) if {one, other} <= {*shares[item]}
    ]
    if not values:
        return None
    low, high = bootstrap(values, -1.0, 1.0)
    return {
        "first": one,
        "second": other,
        "estimate": mean(values),
        "low": low,
        "high": high,
        "items": len(values),
    }


def _of_people(rows, occasion):
    kept = [
        each for each in rows.grades if each.kind == "person" and each.criterion == "overall" and each.counts
    ]
    return sorted(data([each for each in kept if each.occasion == occasion]), key=lambda each: each.place)


def _by_item_and_model(given):
    found = defaultdict(list)
    for each in given:
        found[each.answer.name, each.answer.model[0]].append(each)
    return dict(found)


def _told(given):
    if not given:
        return None
    return {
        "levels": [each.label for each in given],
        "mean": mean([each.value for each in given]),
        "strict": mean([strict(each) for each in given]),
    }


def _changed(verdict, given):
    levels = {each.level for each in given}
    if len(levels) > 1:
        return "several"
    (level,) = levels
    return "same" if level == verdict.level else "better" if level > verdict.level else "worse"
