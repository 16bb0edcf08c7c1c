"""Figures of single items: what each model's answers to one were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from tui.analysis.judged import SKIP
from tui.analysis.models import item_means

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.judged import Judged

SKIPPED: Final = "skip"
"""What stands for a level where an answer was skipped."""


class Cell(Struct, frozen=True, kw_only=True):
    """What one model's answers to one item were given."""

    model: str
    mean: float
    strict: float
    judgements: int
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
    strict, mean = (item_means(of.data, measure) for measure in ("strict", "mean"))
    cells: dict[int, dict[int, list[tuple[str, str]]]] = {}
    for place, model, given in _given(of):
        cells.setdefault(place, {}).setdefault(model, []).append(given)
    for place, models in cells.items():
        item = of.items[place]
        yield ItemFigures(
            name=item.name,
            title=item.title,
            task=item.task,
            prompt_hash=item.prompt_hash,
            cells=tuple(
                Cell(
                    model=of.models[model].label,
                    mean=float(np.nan_to_num(mean.values[place, model])),
                    strict=float(np.nan_to_num(strict.values[place, model])),
                    judgements=int(mean.counts[place, model]),
                    levels=tuple(label for label, _ in all_given),
                    response_ids=tuple(id_ for _, id_ in all_given),
                )
                for model, all_given in models.items()
            ),
        )


def _given(of: Judged) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Item, model, and the level that was given with the id of the answer; by item, model and arrival."""
    order = np.lexsort((of.seq, of.model, of.item))
    columns = (of.item, of.model, of.scale, of.level, of.answer)
    ids = [each.id for each in of.answers]
    for item, model, scale, level, answer in zip(*(each[order].tolist() for each in columns), strict=True):
        label = SKIPPED if level == SKIP else of.scales[scale].labels[level]
        yield item, model, (label, ids[answer])
