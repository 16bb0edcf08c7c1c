"""Disagreements: answers that were graded differently, for walking through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui.analysis.judged import SKIP
from tui.analysis.shared import each_shared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.judged import Judged
    from tui.analysis.shared import Shared


class Disagreement(Struct, frozen=True, kw_only=True):
    """An answer that was graded differently."""

    response_id: str
    item: str
    model: str
    criterion: str
    given: tuple[tuple[str, str], ...]
    """Each grader's name with the label of the level."""
    distance: int
    """Levels between the worst and the best given."""


def disagreements(of: Judged) -> list[Disagreement]:
    """Of graders of one kind: the greatest distance first, then by item, model, criterion and answer."""
    models = np.zeros(len(of.answers), dtype=np.intp)
    models[of.answer] = of.model
    found = [each for shared in each_shared(of) for each in _of_shared(shared, of, models.tolist())]
    return [each for _, each in sorted(found, key=lambda each: each[0])]


def _of_shared(
    shared: Shared, of: Judged, models: list[int]
) -> Iterator[tuple[tuple[object, ...], Disagreement]]:
    """Each with what it is ordered by."""
    best = shared.levels.max(axis=1)
    worst = np.where(shared.levels == SKIP, best[:, None], shared.levels).min(axis=1)
    differing = np.flatnonzero(best > worst)
    places = (shared.answers, shared.items, best - worst, shared.levels)
    rows = zip(*(each[differing].tolist() for each in places), strict=True)
    names, labels = shared.names, shared.scale.labels
    for answer, item, distance, levels in rows:
        id_ = of.answers[answer].id
        yield (
            (-distance, item, models[answer], shared.criterion, id_),
            Disagreement(
                response_id=id_,
                item=of.items[item].name,
                model=of.models[models[answer]].label,
                criterion=shared.criterion,
                given=tuple(
                    (name, labels[level]) for name, level in zip(names, levels, strict=True) if level != SKIP
                ),
                distance=distance,
            ),
        )
