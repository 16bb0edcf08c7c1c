"""Whether one of two models is better, on the answers that changed, as one sitting judged them."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from .models import ALPHA, data, strict
from .numbers import bootstrap, mean, sign_flip
from .pairs import shares
from .rows import by

OCCASIONS = ("first", "repeat")


def changes(rows, one, other):
    """Of the first of two models against the second, by kind of grader and criterion."""
    pairs = _pairs(rows.answers, one, other)
    same = {place for place, (left, right) in pairs.items() if left.text_sha256 == right.text_sha256}
    grades = [
        each
        for each in rows.grades
        if each.counts
        and not each.otherwise
        and each.occasion in OCCASIONS
        and each.answer.model in (one, other)
    ]
    found = {
        (kind, criterion): _change(given, _asked(pairs, same, criterion), same)
        for (kind, criterion), given in by(data(grades), "kind", "criterion").items()
    }
    of_both = [pair for pair in rows.pairs if {pair.answer.model, pair.other.model} == {one, other}]
    return {
        "pairs": len(pairs),
        "identical": len(same),
        "changes": {key: each for key, each in found.items() if each},
        "shares": {key: shares(given) for key, given in by(of_both, "kind", "criterion").items()},
    }


def _pairs(answers, one, other):
    """Both answers by what was asked, by their sample and their turn."""
    found = defaultdict(dict)
    for answer in answers:
        if not answer.failed and not answer.asked_otherwise:
            found[answer.item, answer.sample, answer.turn][answer.model] = answer
    return {place: (of[one], of[other]) for place, of in found.items() if one in of and other in of}


def _asked(pairs, same, criterion):
    """Without those that say the same of items whose rubric has no such criterion."""
    return {
        place: both
        for place, both in pairs.items()
        if place not in same or any(criterion in each.criteria for each in both)
    }


def _change(given, pairs, same):
    sittings = defaultdict(dict)
    for each in given:
        sittings[each.answer.id][each.session, each.occasion, each.blind] = Fraction(strict(each))
    by_item, compared, apart = defaultdict(list), 0, 0
    for place, (left, right) in pairs.items():
        both = sittings[left.id].keys() & sittings[right.id].keys()
        if place in same:
            by_item[left.item].append(Fraction(0))
        elif both:
            compared += 1
            by_item[left.item].append(
                mean([sittings[left.id][key] - sittings[right.id][key] for key in both])
            )
        elif sittings[left.id] and sittings[right.id]:
            apart += 1
    if not compared and not apart and not (same & pairs.keys() and given):
        return None
    return _verdict([mean(by_item[item]) for item in sorted(by_item)]) | {
        "compared": compared,
        "apart": apart,
    }


def _verdict(exact):
    if not exact:
        nothing = {"estimate": 0.0, "low": -1.0, "high": 1.0, "items": 0, "differing": 0, "p": 1.0}
        return nothing | {"verdict": "CANNOT TELL"}
    values = [float(each) for each in exact]
    low, high = bootstrap(values, -1.0, 1.0)
    p, estimate = sign_flip(exact), mean(values)
    return {
        "verdict": "CANNOT TELL" if p > ALPHA else "BETTER" if estimate > 0 else "WORSE",
        "estimate": estimate,
        "low": low,
        "high": high,
        "items": len(values),
        "differing": sum(each != 0 for each in exact),
        "p": p,
    }
