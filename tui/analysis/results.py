"""Results: all figures of what was judged, as one tree that every front draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui.analysis.agreement import Agreement, agreement
from tui.analysis.baseline import Baseline, baseline
from tui.analysis.cells import ItemFigures, item_figures
from tui.analysis.compared import compared
from tui.analysis.differences import Difference, Rank, differences, ranks, tested
from tui.analysis.disagreements import Disagreement, disagreements
from tui.analysis.habits import GraderHabits, habits
from tui.analysis.intervals import SEED
from tui.analysis.judged import Judged, judged
from tui.analysis.models import (
    Answered,
    Figure,
    ModelFigures,
    answered,
    figures_of,
    item_means,
    model_figures,
)
from tui.analysis.planning import LEAST_ITEMS, Needed, needed
from tui.analysis.preferences import PreferenceFigures, preferences
from tui.analysis.seconds import GraderSeconds, grader_seconds
from tui.store.figure_rows import uncollected
from tui.store.judgement_records import GraderKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.compared import Compared
    from tui.analysis.judged import Measure
    from tui.store.exchange.built_in import PrintedReport
    from tui.store.figure_rows import FigureRows

KINDS: tuple[GraderKind, ...] = ("person", "model", "report")
PRIMARY: Measure = "strict"
"""The measure whose differences are tested."""


class Filters(Struct, frozen=True, kw_only=True):
    """What figures are of. Whatever is left out makes their differences exploratory."""

    tasks: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    graders: tuple[str, ...] = ()
    criterion: str | None = None
    blind_only: bool = False

    def __bool__(self) -> bool:
        return self != Filters()


class TaskFigures(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    models: tuple[ModelFigures, ...]


class GraderFigure(Struct, frozen=True, kw_only=True):
    """A model's strict figure by one grader alone, and by all others."""

    grader: str
    model: str
    own: Figure
    others: Figure | None


class Comparison(Struct, frozen=True, kw_only=True):
    """Models against each other, by the strict measure, on the items that all of them have.

    Printed answers are compared among themselves, and only where there are no others: they are other weights
    and settings, asked at another time.
    """

    items: int
    differences: tuple[Difference, ...]
    is_tested: bool
    """False where it is exploratory: its differences have no p, and there are no ranks."""
    ranks: tuple[Rank, ...]
    needed: Needed | None
    """From 30 items on."""


class CriterionFigures(Struct, frozen=True, kw_only=True):
    """One criterion, as graders of one kind judged by it."""

    criterion: str
    is_primary: bool
    levels: tuple[str, ...]
    """Labels, from worst to best; empty where its items have several scales."""
    judgements: int
    skipped: int
    models: tuple[ModelFigures, ...]
    """Over all items."""
    tasks: tuple[TaskFigures, ...]
    items: tuple[ItemFigures, ...]
    graders: tuple[GraderFigure, ...]
    """Of several graders."""
    comparison: Comparison | None
    """Of several models."""


class KindFigures(Struct, frozen=True, kw_only=True):
    """What graders of one kind said: people, models or printed reports."""

    kind: GraderKind
    graders: tuple[str, ...]
    criteria: tuple[CriterionFigures, ...]
    seconds: tuple[GraderSeconds, ...] = ()
    preferences: tuple[PreferenceFigures, ...] = ()
    agreement: tuple[Agreement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    habits: tuple[GraderHabits, ...] = ()


class Look(Struct, frozen=True, kw_only=True):
    """Somebody saw results of a session that was not at its end."""

    grader: str
    session: str
    """Its id."""
    into: str
    judged: int
    planned: int

    @property
    def is_early(self) -> bool:
        """True of a look before the end of the session."""
        return self.judged < self.planned


class Results(Struct, frozen=True, kw_only=True):
    filters: Filters
    seed: int
    answered: tuple[Answered, ...]
    kinds: tuple[KindFigures, ...]
    """Those who judged anything."""
    looks: tuple[Look, ...]
    asked_otherwise: tuple[str, ...]
    """Ids of the responses that are left out since they answer another question."""
    blind_sessions: tuple[str, ...]
    """Ids of the sessions whose answers are left out, since they are not revealed."""
    baseline: Baseline | None = None
    """A printed report beside it, where one was named."""


@uncollected()
def results(
    rows: FigureRows,
    filters: Filters,
    *,
    seed: int = SEED,
    report: PrintedReport | None = None,
) -> Results:
    """All figures. `rows` are already those of the filters' tasks, prompts, models and graders; `report` is
    the name of a printed report and its verdicts."""
    all_judged = judged(rows)
    pairs = compared(rows, all_judged.models)
    if filters.blind_only:
        all_judged, pairs = all_judged.where(all_judged.blind), pairs.where(pairs.blind)
    if filters.criterion:
        all_judged = all_judged.of_criterion(filters.criterion)
        pairs = pairs.of_criterion(filters.criterion)
    labels = {model[:3]: model.label for model in all_judged.models}
    return Results(
        filters=filters,
        seed=seed,
        answered=tuple(answered(rows.answers, labels)),
        kinds=tuple(_kinds(all_judged, pairs, rows, filters, seed)),
        looks=tuple(
            Look(
                grader=rows.graders[each.grader_id].name if each.grader_id in rows.graders else "",
                session=each.session_id,
                into=each.looked_into,
                judged=each.judged,
                planned=each.planned,
            )
            for each in rows.looks
        ),
        asked_otherwise=tuple(each.id for each in rows.answers if each.asked_otherwise),
        blind_sessions=tuple(each.id for each in rows.hidden),
        baseline=baseline(all_judged, *report, seed=seed) if report else None,
    )


def _kinds(
    of: Judged, pairs: Compared, rows: FigureRows, filters: Filters, seed: int
) -> Iterator[KindFigures]:
    titles = {each.task: each.task_title for each in rows.items.values()}
    for kind in KINDS:
        part, of_pairs = of.of_kind(kind), pairs.of_kind(kind)
        if not len(part) and not len(of_pairs):
            continue
        first, of_pairs = part.on("first").to_what_was_asked(), of_pairs.on("first")
        graders = np.union1d(part.grader, of_pairs.grader)
        yield KindFigures(
            kind=kind,
            graders=tuple(of.graders[place].name for place in graders),
            criteria=tuple(_criteria(first, filters, titles, seed)),
            preferences=tuple(preferences(of_pairs, seed=seed)),
            agreement=tuple(agreement(of, kind, seed=seed)),
            disagreements=tuple(disagreements(part)),
            habits=tuple(habits(first, of_pairs, rows, seed=seed)) if kind != "report" else (),
            seconds=tuple(grader_seconds(first)),
        )


def _criteria(of: Judged, filters: Filters, titles: dict[str, str], seed: int) -> Iterator[CriterionFigures]:
    parts = {name: of.of_criterion(name) for name in of.criteria}
    items = {name: len(np.unique(part.data.item)) for name, part in parts.items() if len(part)}
    primary = min(items, key=lambda name: (-items[name], name), default=None)
    for name in items:
        part = parts[name]
        yield CriterionFigures(
            criterion=name,
            is_primary=name == primary,
            levels=_levels(part),
            judgements=int((~part.is_skip).sum()),
            skipped=int(part.is_skip.sum()),
            models=tuple(model_figures(part, seed=seed)),
            tasks=tuple(_tasks(part, titles, seed)),
            items=tuple(item_figures(part)),
            graders=tuple(_graders(part, seed)),
            comparison=_comparison(part, is_tested=name == primary and not filters, seed=seed),
        )


def _levels(of: Judged) -> tuple[str, ...]:
    places = np.unique(of.scale)
    return of.scales[places[0]].labels if len(places) == 1 else ()


def _tasks(of: Judged, titles: dict[str, str], seed: int) -> Iterator[TaskFigures]:
    for task in sorted({of.items[place].task for place in np.unique(of.item)}):
        figures = model_figures(of.of_task(task), seed=seed)
        yield TaskFigures(name=task, title=titles.get(task, task), models=tuple(figures))


def _graders(of: Judged, seed: int) -> Iterator[GraderFigure]:
    places = np.unique(of.grader)
    if len(places) < 2:
        return
    for place in places:
        own, others = (
            figures_of(item_means(of.where(chosen).data, PRIMARY), PRIMARY, seed=seed)
            for chosen in (of.grader == place, of.grader != place)
        )
        name = of.graders[place].name
        for model, figure in sorted(own.items()):
            yield GraderFigure(
                grader=name, model=of.models[model].label, own=figure, others=others.get(model)
            )


def _comparison(of: Judged, *, is_tested: bool, seed: int) -> Comparison | None:
    means = item_means(of.data, PRIMARY)
    models = [place for place in range(len(of.models)) if not np.isnan(means.values[:, place]).all()]
    models = [place for place in models if not of.models[place].is_printed] or models
    if len(models) < 2:
        return None
    labels = [each.label for each in of.models]
    found = differences(means, models, labels, seed=seed)
    if is_tested:
        found = tested(found, means, labels)
    items = found[0].items if found else 0
    spread = float(np.mean([each.spread for each in found])) if found else 0.0
    return Comparison(
        items=items,
        differences=tuple(found),
        is_tested=is_tested,
        ranks=tuple(ranks(found)) if is_tested else (),
        needed=needed(items, spread, len(models)) if items >= LEAST_ITEMS else None,
    )
