"""What several graders gave to the same answers, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tui.analysis.judged import SKIP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tui.analysis.judged import Grader, Judged, Scale
    from tui.store.judgement_records import GraderKind

    Codes = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Shared:
    """First grades by one criterion on one scale: a row an answer, a column a grader."""

    criterion: str
    scale: Scale
    graders: tuple[Grader, ...]
    answers: Codes
    """Their places among all answers; those of `items` among all items."""
    items: Codes
    levels: Codes
    """SKIP where there is no grade."""
    again: Codes
    """Of silent repeats in blind sessions."""

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.graders]

    def of_kind(self, kind: GraderKind) -> list[int]:
        """The columns of its graders who gave anything."""
        gave = (self.levels != SKIP).any(axis=0)
        return [place for place, each in enumerate(self.graders) if each.kind == kind and gave[place]]

    def of(self, columns: Sequence[int]) -> Shared:
        return replace(self, levels=self.levels[:, columns])

    def with_oneself(self, column: int) -> Shared:
        """A grader's first grades beside the repeated ones."""
        return replace(self, levels=np.stack([self.levels[:, column], self.again[:, column]], axis=1))

    def with_several(self) -> Shared:
        """The answers with two grades or more."""
        several = (self.levels != SKIP).sum(axis=1) > 1
        return replace(
            self, answers=self.answers[several], items=self.items[several], levels=self.levels[several]
        )

    def gave(self, columns: Sequence[int]) -> list[int]:
        """Those of the columns, by other numbers, that have a grade."""
        there = (self.levels != SKIP).any(axis=0)
        return [column for column, gave in zip(columns, there, strict=True) if gave]

    def counts(self) -> NDArray[np.float64]:
        """How often each level was given to each answer."""
        there = range(len(self.scale.labels))
        return np.stack([(self.levels == level).sum(axis=1) for level in there], axis=1).astype(float)

    def cross(self) -> NDArray[np.float64]:
        """Of two columns: the answers with each level of the first, and of the second."""
        size = len(self.scale.labels)
        cells = self.levels[:, 0] * size + self.levels[:, 1]
        return np.bincount(cells, minlength=size * size).reshape(size, size).astype(float)


def each_shared(of: Judged) -> Iterator[Shared]:
    """By criterion and scale, in the order of these."""
    grades = of.where(~of.is_skip)
    part = grades.criterion * len(of.scales) + grades.scale
    found = {divmod(each, len(of.scales)): each for each in np.flatnonzero(np.bincount(part)).tolist()}
    for criterion, scale in sorted(found, key=lambda each: (each[0], of.scales[each[1]])):
        yield _shared(grades.where(part == found[criterion, scale]))


def _shared(part: Judged) -> Shared:
    answers, rows = np.unique(part.answer, return_inverse=True)
    items = np.empty(len(answers), dtype=np.intp)
    items[rows] = part.item
    given = {}
    repeats = (part.occasion == "repeat") & part.blind
    for name, chosen in (("levels", part.occasion == "first"), ("again", repeats)):
        given[name] = np.full((len(answers), len(part.graders)), SKIP, dtype=np.intp)
        given[name][rows[chosen], part.grader[chosen]] = part.level[chosen]
    return Shared(
        part.criteria[part.criterion[0]], part.scales[part.scale[0]], part.graders, answers, items, **given
    )
