"""Figures of models: strict, lenient and mean, their differences and ranks."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

from .numbers import bootstrap, holm, mean, ranks, sign_flip, wilson
from .rows import by

BEST, WORST = -1, 0
ALPHA = 0.05


def strict(datum):
    return float(datum.level == len(datum.scale.labels) - 1)


MEASURES = {
    "strict": strict,
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


def of_models(judgements):
    """The figures of each model that has data. The judgements are of one kind and criterion, of one task or
    all."""
    found = {}
    values = {value for each in data(first(judgements)) for value in each.scale.values}
    for model, counted in by_model(first(judgements)).items():
        told = data(counted)
        if not told:
            continue
        found[model] = {
            "strict": _figure(told, "strict"),
            "lenient": _figure(told, "lenient"),
            "mean": _figure(told, "mean", min(values), max(values)),
            "skipped": len(skips(counted)),
            "if_worst": _if(counted, WORST, "strict"),
            "if_best": _if(counted, BEST, "strict"),
            "broken": sum(each.answer.broken for each in told),
        }
    return found


def cells(counted):
    """What each model's answers to one item were given; the judgements are of that item."""
    found = {}
    for model, given in by_model(counted).items():
        told, ordered = data(given), sorted(given, key=lambda each: each.place)
        found[model] = {
            **{
                measure: mean([MEASURES[measure](each) for each in told]) if told else None
                for measure in MEASURES
            },
            "judgements": len(told),
            "given": [(each.answer.id, each.label) for each in ordered],
        }
    return found


def of_answers(answers):
    """What became of each model's answers, judged or not."""
    return {
        model: {
            "answers": len(given),
            "empty": sum(answer.empty and not answer.failed for answer in given),
            "at_limit": sum(answer.finish_reason == "length" for answer in given),
            "failed": sum(answer.finish_reason == "failed" for answer in given),
            "cancelled": sum(answer.finish_reason == "cancelled" for answer in given),
            "otherwise": sum(answer.asked_otherwise for answer in given),
        }
        for model, given in by([each for each in answers if not each.known], "model").items()
    }


def of_graders(judgements):
    """The strict figure of each model by each of several graders, and by all others."""
    told = data(first(judgements))
    persons = sorted({each.person for each in first(judgements)})
    return {
        (person, model): tuple(
            _figure(part, "strict") if part else None
            for part in (
                [each for each in given if each.person == person],
                [each for each in given if each.person != person],
            )
        )
        for person in persons
        for model, given in by_model(told).items()
        if len(persons) > 1 and any(each.person == person for each in given)
    }


def compared(told):
    """The models with data that are compared: printed answers only where there are no others."""
    models = [model for model, given in told.items() if given]
    return [model for model in models if ":" in model[2]] or models


def item_means(told, measure):
    """The mean of the data of each item."""
    return {
        item: mean([MEASURES[measure](each) for each in given]) for item, given in by(told, "item").items()
    }


def differences(judgements, *, tested):
    """Of each two models, by the strict measure, on the items that all have. The judgements are of one kind
    and criterion."""
    told = {model: data(given) for model, given in by_model(first(judgements)).items()}
    told = {model: told[model] for model in compared(told)}
    common = set.intersection(*({each.item for each in given} for given in told.values())) if told else set()
    told = {model: [each for each in given if each.item in common] for model, given in told.items()}
    found = [_difference(*each) for each in combinations(told.items(), 2)] if common else []
    if tested:
        for each, corrected in zip(found, holm([each["p"] for each in found]), strict=True):
            each["corrected_p"] = corrected
    return found if tested else [each | {"p": None, "corrected_p": None} for each in found]


def ranges(tested):
    """The ranks of the models by the differences that were tested."""
    models = sorted({model for each in tested for model in each["models"]})
    apart = [each for each in tested if each["corrected_p"] <= ALPHA]
    return ranks(models, [each["models"] if each["estimate"] > 0 else each["models"][::-1] for each in apart])


def family(judgements):
    """The criterion that models are tested by: the one with the most items."""
    items = {
        name: len({each.item for each in data(first(given))})
        for name, given in by(judgements, "criterion").items()
    }
    return min(items, key=lambda name: (-items[name], name), default=None)


def by_model(judgements):
    found = defaultdict(list)
    for each in judgements:
        found[each.answer.model].append(each)
    return dict(sorted(found.items()))


def _figure(told, measure, least=0.0, largest=1.0):
    means = list(item_means(told, measure).values())
    by_wilson = measure != "mean" and len(means) == len(told)
    low, high = wilson(round(sum(means)), len(means)) if by_wilson else bootstrap(means, least, largest)
    return {
        "estimate": mean(means), "low": low, "high": high, "items": len(means), "judgements": len(told),
        "method": "wilson" if by_wilson else "bootstrap",
    }  # fmt: skip


def _if(counted, level, measure):
    """The figure where each skip is a datum of that level."""
    told = data(counted) + [each.graded(level) for each in skips(counted)]
    return mean(list(item_means(told, measure).values()))


def _difference(first_model, second_model):
    (one, mine), (other, theirs) = first_model, second_model
    left, right = _exact_means(mine), _exact_means(theirs)
    exact = [left[item] - right[item] for item in left]
    values = [float(each) for each in exact]
    low, high = bootstrap(values, -1.0, 1.0)
    return {
        "models": (one, other),
        "estimate": mean(values),
        "low": low,
        "high": high,
        "items": len(values),
        "differing": sum(each != 0 for each in exact),
        "spread": mean([value**2 for value in values]),
        "p": sign_flip(exact),
    }


def _exact_means(told):
    """The share of the data of each item that have the best level."""
    best = {item: [strict(each) for each in given] for item, given in by(told, "item").items()}
    return {item: Fraction(int(sum(each)), len(each)) for item, each in best.items()}
