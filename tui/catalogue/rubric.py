"""A rubric: what a grader is asked of an answer, and the levels that can be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from tui.catalogue.model import NonEmpty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OVERALL = "overall"
"""The criterion of a task that names none."""

MOST_LEVELS = 10
"""The digits 1 to 9, and 0."""

MOST_CRITERIA = 9

LABEL_RULE = "at most 24 of the characters a-z 0-9 -, a letter first"
Label = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z", max_length=24, description=LABEL_RULE)]
Letter = Annotated[str, Meta(pattern=r"^[a-z]\Z", description="one letter a-z")]


class Level(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One grade a grader can give.

    `value` is what it counts for in a mean, `anchor` what earns it; `key` is a letter beside its digit.
    """

    key: Letter | None = None
    label: Label
    value: Annotated[float, Meta(ge=0.0, le=1.0)]
    anchor: NonEmpty


Levels = Annotated[tuple[Level, ...], Meta(min_length=2, max_length=MOST_LEVELS)]


class Criterion(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question about an answer, and its levels from worst to best: digit 1 is the first.

    Where `shows_expected` is false, the correct answer stays hidden while this criterion is judged.
    """

    name: Label
    question: NonEmpty
    levels: Levels
    shows_expected: bool = True


Criteria = Annotated[tuple[Criterion, ...], Meta(min_length=1, max_length=MOST_CRITERIA)]


class Rubric(Struct, frozen=True, kw_only=True):
    """The criteria that an answer is graded by."""

    criteria: tuple[Criterion, ...]

    @property
    def criterion(self) -> Criterion:
        """The first."""
        return self.criteria[0]

    @property
    def levels(self) -> tuple[Level, ...]:
        return self.criterion.levels

    def anchored(self, anchors_of: Callable[[str], Mapping[str, str]]) -> Rubric:
        """The same, with the anchors that are given for each criterion's name, by label."""
        return Rubric(criteria=tuple(_anchored(each, anchors_of(each.name)) for each in self.criteria))


def _anchored(criterion: Criterion, anchors: Mapping[str, str]) -> Criterion:
    levels = (replace(level, anchor=anchors.get(level.label, level.anchor)) for level in criterion.levels)
    return replace(criterion, levels=tuple(levels))
