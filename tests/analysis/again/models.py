"""Figures of models: strict, lenient and mean, their differences and ranks."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

from .numbers import NONE, bootstrap, holm, mean, ranks, sign_flip, wilson
from .rows import by

BEST, WORST = -1, 0
MEASURES = {
    "strict": lambda datum: float(datum.level == len(datum.scale.labels) - 1),
    "lenient": lambda datum: float(datum.level > 0),
    "mean": lambda datum: datum.value,
}


def first(judgements):
    """The judgements that figures of models are made of."""
    return [each for each in judgements if each.counts and each.occasion == "first" and not each.otherwise]


def data(judgements):
    """The grades, and the skips of broken answers as the worst level."""
    broken = [each.graded(WORST) for each in judgements if each.skipped and each.answer.broken]
    return [each for each in judgements if not each.skipped] + broken


def skips(judgements):
    """Those that are no data."""
    return [each for each in judgements if each.skipped and not each.answer.broken]


def of_models(judgements, answers):
    """The figures of each model. The judgements are of one kind and criterion, of one task or all, and the
    answers all that are stored of these tasks."""
    found = {}
    for model, given in _by_model(judgements).items():
        counted = first(given)
        if not counted:
            continue
        told = data(counted)
        found[model] = {
            "items": len({each.item for each in told}),
            "judgements": len(told),
            "skipped": len(skips(counted)),
            "broken": sum(each.answer.broken for each in told),
            "ours": sum(answer.failed for answer in answers if answer.model == model),
            "otherwise": len({each.answer.id for each in given if each.otherwise and _is_first(each)}),
            **{measure: _figure(counted, measure) for measure in MEASURES},
        }
    return found


def item_means(told, measure):
    """The mean of the data of each item."""
    return {
        item: mean([MEASURES[measure](each) for each in given]) for item, given in by(told, "item").items()
    }


def differences(judgements, measure, *, tested=False):
    """Of each two models, on the items that all of them have."""
    told = {model: data(given) for model, given in _by_model(first(judgements)).items()}
    told = {model: given for model, given in told.items() if given}
    common = set.intersection(*({each.item for each in given} for given in told.values())) if told else set()
    on_common = {model: [each for each in given if each.item in common] for model, given in told.items()}
    found = [
        _difference(one, other, on_common[one], on_common[other], measure, tested and bool(common))
        for one, other in combinations(on_common, 2)
        if common
    ]
    if tested:
        for each, corrected in zip(found, holm([each["p"] for each in found]), strict=True):
            each["holm"] = corrected
    return found


def ranges(judgements):
    """The ranks of the models by the one family of tests."""
    models = [model for model, given in _by_model(first(judgements)).items() if data(given)]
    apart = [each for each in differences(judgements, "strict", tested=True) if each["holm"] <= 0.05]
    above = [(each["models"] if each["estimate"] > 0 else each["models"][::-1]) for each in apart]
    return ranks(models, above)


def family(judgements):
    """The criterion that models are tested by: the one with the most items."""
    items = {
        name: len({each.item for each in data(first(given))})
        for name, given in by(judgements, "criterion").items()
    }
    return min(items, key=lambda name: (-items[name], name), default=None)


def _is_first(judgement):
    return judgement.counts and judgement.occasion == "first"


def _by_model(judgements):
    found = defaultdict(list)
    for each in judgements:
        found[each.answer.model].append(each)
    return dict(sorted(found.items()))


def _figure(counted, measure):
    told, skipped = data(counted), skips(counted)
    bounds = (_estimate(told + [each.graded(end) for each in skipped], measure) for end in (WORST, BEST))
    low, high = _interval(told, measure)
    return {"estimate": _estimate(told, measure), "low": low, "high": high, "bounds": tuple(bounds)}


def _estimate(told, measure):
    means = item_means(told, measure).values()
    return mean(list(means)) if means else None


def _interval(told, measure):
    means = list(item_means(told, measure).values())
    if len(means) < 2:
        return NONE
    if measure != "mean" and len(means) == len(told):
        return wilson(round(sum(means)), len(means))
    return bootstrap(means, _outcomes(told, measure))


def _outcomes(told, measure):
    if measure != "mean":
        return [0.0, 1.0]
    return sorted({value for each in told for value in each.scale.values})


def _difference(one, other, mine, theirs, measure, tested):
    left, right = item_means(mine, measure), item_means(theirs, measure)
    values = [left[item] - right[item] for item in left]
    outcomes = _outcomes(mine + theirs, measure)
    low, high = bootstrap(values, [a - b for a in outcomes for b in outcomes])
    found = {"models": (one, other), "items": len(values), "estimate": mean(values), "low": low, "high": high}
    if tested:
        exact = [_exactly(mine, item) - _exactly(theirs, item) for item in left]
        found["p"] = sign_flip(exact)
    return found


def _exactly(told, item):
    given = [each for each in told if each.item == item]
    return Fraction(sum(int(MEASURES["strict"](each)) for each in given), len(given))
