"""Figures of pairs: shares of wins, and strengths by Bradley and Terry."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy

from .models import first
from .numbers import CLOSE, bootstrap, mean, quantiles, ranks, weights
from .rows import by

DRAWS = 1000
LEAST_MODELS = 4


def preferences(pairs):
    """The judgements of pairs that figures are made of."""
    return [each for each in first(pairs) if not each.skipped and each.answer.model != each.other.model]


def counts(pairs):
    told = preferences(pairs)
    return {
        "judgements": len(told),
        "items": len({each.item for each in told}),
        "skipped": sum(each.skipped for each in first(pairs)),
        "both_bad": mean([each.side == "both bad" for each in told]) if told else 0.0,
    }


def _unasked(pair):
    """True where both answers are the same, so that nobody was asked."""
    same = pair.answer.text_sha256 == pair.other.text_sha256
    return same and pair.side == "equal" and pair.position is None


def won(pair):
    """What a pair says of the model of its first answer."""
    return {"response": 1.0, "other": 0.0}.get(pair.side, 0.5)


def shares(pairs):
    """Of each two models, the first in their order."""
    found, told = [], defaultdict(list)
    for pair in preferences(pairs):
        one, other = pair.answer.model, pair.other.model
        told[min(one, other), max(one, other)].append(pair)
    for models, given in sorted(told.items()):
        turned = [(won(pair) if pair.answer.model == models[0] else 1 - won(pair)) for pair in given]
        by_item = defaultdict(list)
        for pair, share in zip(given, turned, strict=True):
            by_item[pair.item].append(share)
        means = [mean(by_item[item]) for item in sorted(by_item)]
        low, high = bootstrap(means, 0.0, 1.0)
        found.append({
            "models": models,
            "wins": turned.count(1.0),
            "losses": turned.count(0.0),
            "equal": sum(pair.side == "equal" for pair in given),
            "both_bad": sum(pair.side == "both bad" for pair in given),
            "identical": sum(_unasked(pair) for pair in given),
            "items": len(means),
            "estimate": mean(means),
            "low": low,
            "high": high,
        })  # fmt: skip
    return found


def ranking(pairs):
    """The strength and the ranks of each of four models or more; or the pieces that nothing joins."""
    told = preferences(pairs)
    models = sorted({answer.model for pair in told for answer in pair.answers})
    found = {"pieces": pieces(models, told), "models": {}}
    if len(models) < LEAST_MODELS or len(found["pieces"]) > 1:
        return found
    tables, prior = _tables(models, told)
    plain = strengths((tables.sum(axis=0) + prior)[None])[0]
    items, priors = weights(len(tables), 1, DRAWS)
    draws = strengths(numpy.einsum("dn,nij->dij", items, tables) + priors[:, :, None] * prior)
    places = ranks(models, [(models[one], models[other]) for one, other in apart(plain, draws, len(tables))])
    for place, model in enumerate(models):
        low, high = quantiles(draws[:, place])
        found["models"][model] = {
            "estimate": float(plain[place]), "low": low, "high": high, "ranks": places[model],
        }  # fmt: skip
    return found


def apart(plain, draws, items):
    """The places of each two models of which the first is above the second."""
    pairs = list(combinations(range(len(plain)), 2))
    one, other = numpy.array(pairs).T
    drawn, difference = draws[:, one] - draws[:, other], plain[one] - plain[other]
    spread = drawn.std(axis=0)
    told = spread >= CLOSE
    reach = numpy.abs(drawn - drawn.mean(axis=0))[:, told] / spread[told]
    enough = numpy.quantile(reach.max(axis=1), 0.95) if told.any() else 0.0
    found = []
    for place, (first_model, second_model) in enumerate(pairs):
        if told[place] and abs(difference[place]) / spread[place] * (items - 1) / (items + 1) > enough:
            above = (first_model, second_model)
            found.append(above if difference[place] > 0 else above[::-1])
    return found


def pieces(models, told):
    """The models that a chain of judgements joins, piece by piece."""
    joined = {model: {model} for model in models}
    for pair in told:
        together = joined[pair.answer.model] | joined[pair.other.model]
        joined |= dict.fromkeys(together, together)
    return sorted({tuple(sorted(piece)) for piece in joined.values()})


def strengths(tables):
    """Those that make the wins of each table the most likely, by Newton's method; their mean is 0."""
    count = tables.shape[-1]
    both = tables + tables.transpose(0, 2, 1)
    found = numpy.zeros(tables.shape[:2])
    diagonal = numpy.arange(count)
    for _ in range(200):
        expected = _chance(found) * both
        slope = (tables - expected).sum(axis=2)
        curve = -expected * (1 - _chance(found))
        curve[:, diagonal, diagonal] = 0
        curve[:, diagonal, diagonal] = -curve.sum(axis=2)
        step = numpy.linalg.solve(curve + 1 / count, slope[..., None])[..., 0]
        for _ in range(40):
            worse = _likelihood(tables, found + step) < _likelihood(tables, found) - 1e-12
            if not worse.any():
                break
            step[worse] /= 2
        found = found + step
        if numpy.abs(step).max() < 1e-11:
            break
    return found - found.mean(axis=1, keepdims=True)


def _chance(found):
    """How likely the model of the row beats that of the column."""
    return 1 / (1 + numpy.exp(found[:, None, :] - found[:, :, None]))


def _likelihood(tables, found):
    return -(tables * numpy.logaddexp(0, found[:, None, :] - found[:, :, None])).sum(axis=(1, 2))


def _tables(models, told):
    """Of each item who won how often against whom, and of the prior item."""
    place = {model: number for number, model in enumerate(models)}
    by_item = by(told, "item")
    tables = numpy.zeros((len(by_item), len(models), len(models)))
    for number, given in enumerate(by_item.values()):
        for pair in given:
            one, other = place[pair.answer.model], place[pair.other.model]
            tables[number, one, other] += won(pair)
            tables[number, other, one] += 1 - won(pair)
    each = len(told) / (2 * len(by_item) * len(list(combinations(models, 2))))
    return tables, each * (1 - numpy.eye(len(models)))
