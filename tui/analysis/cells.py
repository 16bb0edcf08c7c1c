"""Figures of single items: what each model's answers to one were given."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from tui.analysis.models import item_means

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.judged import Judged
    from tui.analysis.models import Means

SKIPPED: Final = "skip"
"""What stands for a level where an answer was skipped."""


class Cell(Struct, frozen=True, kw_only=True):
    """What one model's answers to one item were given."""

    model: str
    mean: float | None
    """None, like the next, where there is no datum: its answers were skipped."""
    strict: float | None
    judgements: int
    """The data."""
    levels: tuple[str, ...]
    """The labels given, in the order of arrival; SKIPPED of a skip."""
    response_ids: tuple[str, ...]
    """Of the answers, in the same order."""


class ItemFigures(Struct, frozen=True, kw_only=True):
    name: str
    """`task/number`."""
    title: str
    task: str
    prompt_hash: str
    cells: tuple[Cell, ...]
    """Of the models with a judgement of it."""


def item_figures(of: Judged) -> Iterator[ItemFigures]:
    """Of the items that were judged, in their order."""
    data = of.data
    strict, mean = (item_means(data, "strict"), item_means(data, "mean"))
    counts = mean.counts.astype(int).tolist()
    cells: dict[int, list[Cell]] = {}
    for place, model, labels, ids in _given(of):
        cells.setdefault(place, []).append(
            Cell(
                model=of.models[model].label,
                mean=_known(mean, place, model),
                strict=_known(strict, place, model),
                judgements=counts[place][model],
                levels=labels,
                response_ids=ids,
            )
        )
    for place, models in cells.items():
        item = of.items[place]
        yield ItemFigures(
            name=item.name,
            title=item.title,
            task=item.task,
            prompt_hash=item.prompt_hash,
            cells=tuple(models),
        )


def _known(means: Means, item: int, model: int) -> float | None:
    return float(means.values[item, model]) if means.counts[item, model] else None


def _given(of: Judged) -> Iterator[tuple[int, int, tuple[str, ...], tuple[str, ...]]]:
    """Each item and model, with the levels that were given and the ids of the answers in the order of
    arrival; by item and model."""
    order = np.lexsort((of.seq, of.model, of.item))
    scale, level, answer = (each[order].tolist() for each in (of.scale, of.level, of.answer))
    labels = [(*each.labels, SKIPPED) for each in of.scales]
    given = [labels[one][other] for one, other in zip(scale, level, strict=True)]
    ids = [of.answers[place].id for place in answer]
    cells = (of.item * len(of.models) + of.model)[order]
    starts = np.flatnonzero(np.diff(cells, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(cells)]):
        item, model = divmod(int(cells[start]), len(of.models))
        yield item, model, tuple(given[start:end]), tuple(ids[start:end])
