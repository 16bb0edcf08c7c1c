"""Figures of models: what share of their answers earned what."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

from tui.analysis.intervals import SEED, bootstrapped, wilson
from tui.analysis.judged import MEASURES, OURS, scored
from tui.analysis.naming import is_printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui.analysis.judged import Judged, Measure
    from tui.store.figure_rows import AnswerRow

    Numbers = NDArray[np.float64]


class Figure(Struct, frozen=True, kw_only=True):
    """A mean over items, with its interval."""

    estimate: float
    low: float
    high: float
    items: int
    judgements: int
    method: Literal["wilson", "bootstrap"]


class ModelFigures(Struct, frozen=True, kw_only=True):
    """One model by one criterion, over all items or those of a task."""

    model: str
    """Its label."""
    strict: Figure
    lenient: Figure
    mean: Figure
    skipped: int
    """Judgements that were a skip of an answer that is not broken."""
    if_worst: float
    """The strict figure with each of those as the worst level."""
    if_best: float
    broken: int
    """Judgements of answers that are empty or ran to their limit."""
    is_printed: bool = False
    """True of answers that somebody else printed, which are compared with one another only."""

    def of(self, measure: Measure) -> Figure:
        return getattr(self, measure)  # type: ignore[no-any-return]


class Answered(Struct, frozen=True, kw_only=True):
    """What became of a model's answers, judged or not."""

    model: str
    answers: int
    empty: int
    at_limit: int
    failed: int
    cancelled: int
    asked_otherwise: int
    is_printed: bool = False


class Means(Struct, frozen=True):
    """Item means: a row an item, a column a model; NaN where there is no datum."""

    values: Numbers
    counts: Numbers
    """The data of each."""
    outcomes: tuple[float, ...]
    """All that an item could have said, ascending."""


def item_means(part: Judged, measure: Measure) -> Means:
    """Of data, which have no skips."""
    shape = len(part.items), len(part.models)
    cells = part.item * shape[1] + part.model
    size = shape[0] * shape[1]
    sums = np.bincount(cells, weights=part.scores(measure), minlength=size).reshape(shape)
    counts = np.bincount(cells, minlength=size).reshape(shape).astype(float)
    with np.errstate(invalid="ignore"):
        return Means(sums / counts, counts, outcomes(part, measure))


def outcomes(part: Judged, measure: Measure) -> tuple[float, ...]:
    table = scored([part.scales[place] for place in np.unique(part.scale)], measure)
    return tuple(np.unique(table[~np.isnan(table)]).tolist())


def model_figures(part: Judged, *, seed: int = SEED) -> list[ModelFigures]:
    """Those of each model with a datum, in their order. `part` is of one criterion."""
    data = part.data
    found = {measure: figures_of(item_means(data, measure), measure, seed=seed) for measure in MEASURES}
    skips = part.where(part.is_skip & ~part.is_broken)
    bounds = [_strict_with(data, skips, value) for value in (0.0, 1.0)]
    skipped = np.bincount(skips.model, minlength=len(part.models))
    broken = np.bincount(part.model[part.is_broken], minlength=len(part.models))
    return [
        ModelFigures(
            model=part.models[model].label,
            strict=found["strict"][model],
            lenient=found["lenient"][model],
            mean=found["mean"][model],
            skipped=int(skipped[model]),
            if_worst=float(bounds[0][model]),
            if_best=float(bounds[1][model]),
            broken=int(broken[model]),
            is_printed=part.models[model].is_printed,
        )
        for model in sorted(found["strict"])
    ]


def figures_of(means: Means, measure: Measure, *, seed: int = SEED) -> dict[int, Figure]:
    """By the place of each model with a datum. Models with as many items are drawn together."""
    has = ~np.isnan(means.values)
    counts = has.sum(axis=0)
    found: dict[int, Figure] = {}
    for n in np.unique(counts[counts > 0]):
        models = np.flatnonzero(counts == n)
        values = np.stack([means.values[has[:, model], model] for model in models], axis=1)
        judgements = means.counts[:, models].sum(axis=0)
        by_wilson = judgements == n if measure != "mean" else np.zeros(len(models), dtype=bool)
        rest = values[:, ~by_wilson]
        drawn = iter(bootstrapped(rest, means.outcomes, seed=seed) if rest.size else ())
        for model, column, wilsons, judged in zip(models, values.T, by_wilson, judgements, strict=True):
            low, high = wilson(float(column.sum()), int(n)) if wilsons else next(drawn)
            found[int(model)] = Figure(
                estimate=float(column.mean()),
                low=low,
                high=high,
                items=int(n),
                judgements=int(judged),
                method="wilson" if wilsons else "bootstrap",
            )
    return found


def answered(answers: Sequence[AnswerRow], labels: dict[tuple[str, str, str], str]) -> list[Answered]:
    """Each model by its label, in the order of these."""
    of_model: dict[str, list[AnswerRow]] = defaultdict(list)
    printed = {label: is_printed(origin) for (_, _, origin), label in labels.items()}
    for each in answers:
        of_model[labels[each.model, each.config_hash, each.origin]].append(each)
    return [
        _answered(label, of_model[label], printed[label]) for label in labels.values() if label in of_model
    ]


def _answered(label: str, answers: Sequence[AnswerRow], printed: bool) -> Answered:
    ended = [each.finish_reason for each in answers]
    return Answered(
        model=label,
        answers=len(answers),
        empty=sum(bool(each.blank) and each.finish_reason not in OURS for each in answers),
        at_limit=ended.count("length"),
        failed=ended.count("failed"),
        cancelled=ended.count("cancelled"),
        asked_otherwise=sum(bool(each.asked_otherwise) for each in answers),
        is_printed=printed,
    )


def _strict_with(data: Judged, skips: Judged, value: float) -> Numbers:
    """Each model's strict mean over items, with each skip counted as that."""
    shape = len(data.items), len(data.models)
    size = shape[0] * shape[1]
    sums, counts = np.zeros(size), np.zeros(size)
    for part, scores in ((data, data.scores("strict")), (skips, np.full(len(skips), value))):
        cells = part.item * shape[1] + part.model
        sums += np.bincount(cells, weights=scores, minlength=size)
        counts += np.bincount(cells, minlength=size)
    with np.errstate(invalid="ignore"):
        means = (sums / counts).reshape(shape)
    has = ~np.isnan(means)
    found: Numbers = np.where(has, means, 0).sum(axis=0) / np.maximum(has.sum(axis=0), 1)
    return found
