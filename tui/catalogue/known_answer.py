"""Known answers: texts that a task names together with the judgement they deserve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui.catalogue.model import NonEmpty

if TYPE_CHECKING:
    from tui.catalogue.rubric import Level, Rubric


class KnownAnswer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An answer with the level that it is given: in a table for each criterion where the task names its
    criteria."""

    text: NonEmpty
    level: str | dict[str, str]
    reason: str = ""

    def levels(self, rubric: Rubric) -> dict[str, Level]:
        """The level by each criterion's name."""
        given = self.level
        labels = (
            dict.fromkeys((each.name for each in rubric.criteria), given) if isinstance(given, str) else given
        )
        return {
            criterion.name: next(level for level in criterion.levels if level.label == labels[criterion.name])
            for criterion in rubric.criteria
        }


class PracticeAnswer(KnownAnswer, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One that its grader learns from: so it says why."""

    reason: NonEmpty
