"""Answers to one item that say the same and were graded differently by one grader."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui.analysis.judged import Judged


class SameText(Struct, frozen=True, kw_only=True):
    """Answers to one item that say the same and were graded differently."""

    item: str
    answers: tuple[tuple[str, str, str], ...]
    """Each one's response id, model and level, by id."""


def same_texts(of: Judged) -> dict[int, list[SameText]]:
    """By the place of the grader, in the order of the items. `of` is by one criterion."""
    differing = _differing(of.where(~of.is_skip))
    columns = (
        differing.grader,
        differing.item,
        differing.answer,
        differing.model,
        differing.scale,
        differing.level,
    )
    groups: dict[tuple[int, int, str], list[tuple[str, int, str]]] = defaultdict(list)
    for grader, item, answer, model, scale, level in zip(*(each.tolist() for each in columns), strict=True):
        row = of.answers[answer]
        groups[grader, item, row.text_sha256].append((row.id, model, of.scales[scale].labels[level]))
    found: dict[int, list[SameText]] = defaultdict(list)
    for (grader, item, _), given in sorted(groups.items()):
        if len({label for _, _, label in given}) > 1:
            answers = tuple((id_, of.models[model].label, label) for id_, model, label in sorted(given))
            found[grader].append(SameText(item=of.items[item].name, answers=answers))
    return found


def _differing(grades: Judged) -> Judged:
    """Those of texts that one grader gave several levels for one item."""
    _, texts = np.unique([each.text_sha256 for each in grades.answers], return_inverse=True)
    group = _coded(_coded(grades.grader, grades.item), texts[grades.answer])
    _, group = np.unique(group, return_inverse=True)
    level = _coded(grades.scale, grades.level)
    given = np.unique(_coded(group, level)) // (int(level.max(initial=0)) + 1)
    return grades.where(np.bincount(given)[group] > 1)


def _coded(one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """A number for both."""
    return one * (int(other.max(initial=0)) + 1) + other
