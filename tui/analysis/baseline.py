"""Today's judgements beside the verdicts that a report printed, and what became of its conclusions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from msgspec import Struct

from tui.analysis.conclusions import Conclusion, Shares, concluded
from tui.analysis.intervals import SEED
from tui.analysis.naming import ModelId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tui.analysis.judged import Judged
    from tui.store.exchange.built_in import Printed

CRITERION: Final = "overall"
BEST: Final = "pass"
"""The best level of the report's verdicts."""
FALCON: Final = "falcon-40b-instruct"
_SMALLER: Final = "falcon-7b-instruct"
"""Stands for Falcon where the larger one was not judged: the report names both."""

AnswersOf = Literal["printed", "today"]
Changed = Literal["same", "better", "worse", "several"]


class Given(Struct, frozen=True, kw_only=True):
    """What people gave to the answers of one model to one item."""

    levels: tuple[str, ...]
    mean: float
    strict: float


class Beside(Struct, frozen=True, kw_only=True):
    """A printed verdict, and what people give today."""

    item: str
    model: str
    verdict: str
    note: str
    """About the verdict and what is printed."""
    is_printed: bool
    """False where the report does not print the answer."""
    lost_in_print: str | None
    asked_otherwise: str | None
    again: Given | None
    """The same answer, judged by people."""
    changed: Changed | None
    """How that differs from the verdict: `several` where people differ among themselves; None where they
    judged by levels that the verdict is none of."""
    today: Given | None
    """Answers of the models that run here."""


class Against(Struct, frozen=True, kw_only=True):
    """The conclusions of a report on one set of answers."""

    answers: AnswersOf
    """Those that it prints, as it asked them, or those of the models that run here."""
    judged_models: tuple[str, ...]
    conclusions: tuple[Conclusion, ...]


class Baseline(Struct, frozen=True, kw_only=True):
    """A printed report beside what people judge."""

    name: str
    verdicts: tuple[Beside, ...]
    seen_before: int
    """Printed answers that people judged only after they had seen what others gave: in practice, say."""
    own: tuple[Conclusion, ...]
    """Its conclusions on its own verdicts: whether they follow from them."""
    against: tuple[Against, ...]
    """On the same answers judged again, and on those of the models that run here; of what was judged."""


def baseline(
    of: Judged,
    name: str,
    verdicts: Sequence[Printed],
    prompts: Collection[str] | None = None,
    *,
    seed: int = SEED,
) -> Baseline:
    """`of` is everything judged; people's first judgements are taken of it. `prompts` are the hashes of those
    that the report asked: an item of the same name may ask something else today."""
    part = of.of_kind("person").on("first").of_criterion(CRITERION)
    printed = {model: model for model in _roles(verdicts)}
    again = _by_role(part, printed, origin=name)
    late = _by_role(of.of_kind("person").on("after_others").of_criterion(CRITERION), printed, origin=name)
    asked = part.to_what_was_asked() if prompts is None else part.to_what_was_asked().to_prompts(prompts)
    today = _by_role(asked, _stand_ins(asked, verdicts), origin=None)
    given_again, given_today, judged_by = _given(again), _given(today), _levels(again)
    return Baseline(
        name=name,
        verdicts=tuple(_beside(each, given_again, given_today, judged_by) for each in verdicts),
        seen_before=len(set(late.answer.tolist()) - set(again.answer.tolist())),
        own=tuple(concluded(_own(verdicts), seed=seed, is_sample=False)),
        against=tuple(_against(again, today, seed)),
    )


def _against(again: Judged, today: Judged, seed: int) -> Iterator[Against]:
    which: tuple[tuple[AnswersOf, Judged], ...] = (("printed", again), ("today", today))
    for answers, data in which:
        if len(data):
            found = concluded(_shares(data), seed=seed)
            yield Against(answers=answers, judged_models=_judged_names(data), conclusions=tuple(found))


def _roles(verdicts: Sequence[Printed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.model for each in verdicts))


def _stand_ins(of: Judged, verdicts: Sequence[Printed]) -> dict[str, str]:
    """The role of each model that runs here, by its name."""
    roles = {model: model for model in _roles(verdicts)}
    judged = {of.models[place].name for place in np.unique(of.model) if not of.models[place].is_printed}
    if FALCON not in judged and _SMALLER in judged:
        del roles[FALCON]
        roles[_SMALLER] = FALCON
    return roles


def _by_role(of: Judged, roles: dict[str, str], *, origin: str | None) -> Judged:
    """The part about the models of that origin, or of all that are not printed, each under its role."""
    names = tuple(dict.fromkeys(roles.values()))
    places = [
        names.index(roles[model.name])
        if model.name in roles and (model.origin == origin if origin else not model.is_printed)
        else -1
        for model in of.models
    ]
    codes = np.array(places, dtype=np.intp)[of.model] if places else of.model
    part = replace(of, model=codes, models=tuple(ModelId(name, "", "", name) for name in names))
    return part.where(codes >= 0)


def _judged_names(of: Judged) -> tuple[str, ...]:
    return tuple(of.models[place].name for place in np.unique(of.model))


def _shares(of: Judged) -> Shares:
    """Each item's strict mean, by model."""
    found: dict[str, dict[str, list[float]]] = {}
    data = of.data
    for model, item, score in zip(data.model, data.item, data.scores("strict"), strict=True):
        found.setdefault(data.models[model].name, {}).setdefault(data.items[item].name, []).append(
            float(score)
        )
    return {
        model: {item: float(np.mean(scores)) for item, scores in sorted(items.items())}
        for model, items in found.items()
    }


def _own(verdicts: Sequence[Printed]) -> Shares:
    found: Shares = {}
    for each in verdicts:
        found.setdefault(each.model, {})[each.item] = float(each.verdict == BEST)
    return found


def _levels(of: Judged) -> dict[tuple[str, str], tuple[str, ...]]:
    """The labels by which each answer was judged, the worst first; none where those were several scales."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for item, model, scale in zip(of.item.tolist(), of.model.tolist(), of.scale.tolist(), strict=True):
        key, labels = (of.items[item].name, of.models[model].name), of.scales[scale].labels
        found[key] = labels if found.get(key, labels) == labels else ()
    return found


def _given(of: Judged) -> dict[tuple[str, str], Given]:
    """By item and model, in the order of arrival."""
    data = of.data
    order = np.argsort(data.seq, kind="stable")
    rows: dict[tuple[str, str], list[int]] = {}
    for row in order.tolist():
        rows.setdefault((data.items[data.item[row]].name, data.models[data.model[row]].name), []).append(row)
    strict, mean = data.scores("strict"), data.scores("mean")
    return {
        key: Given(
            levels=tuple(data.scales[data.scale[row]].labels[data.level[row]] for row in of_cell),
            mean=float(mean[of_cell].mean()),
            strict=float(strict[of_cell].mean()),
        )
        for key, of_cell in rows.items()
    }


def _beside(
    verdict: Printed,
    again: dict[tuple[str, str], Given],
    today: dict[tuple[str, str], Given],
    levels: dict[tuple[str, str], tuple[str, ...]],
) -> Beside:
    key = (verdict.item, verdict.model)
    given = again.get(key)
    return Beside(
        item=verdict.item,
        model=verdict.model,
        verdict=verdict.verdict,
        note=verdict.note,
        is_printed=verdict.text is not None,
        lost_in_print=verdict.lost_in_print,
        asked_otherwise=verdict.asked_otherwise,
        again=given,
        changed=_changed(verdict.verdict, given, levels[key]) if given else None,
        today=today.get(key),
    )


def _changed(verdict: str, given: Given, labels: tuple[str, ...]) -> Changed | None:
    levels = set(given.levels)
    if len(levels) > 1:
        return "several"
    (level,) = levels
    if level == verdict:
        return "same"
    if not {level, verdict} <= set(labels):
        return None
    return "better" if labels.index(level) > labels.index(verdict) else "worse"
