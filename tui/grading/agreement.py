"""A grader's own grades beside those that a printed report gave to the same answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui.grading.judged import Given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store.database import Store

LOOKING: Final = "Look at the report's grades now?"
LOOKING_IS_RECORDED: Final = (
    "Looking now is recorded, and what you change of these answers afterwards counts as judged after you saw"
    " the grades of others."
)


class Beside(NamedTuple):
    """Two grades of one answer by one criterion."""

    response_id: str
    item: str
    """The item as a person names it."""
    model: str
    criterion: str
    report: str
    """The name of the report."""
    mine: Given
    theirs: Given

    @property
    def is_same(self) -> bool:
        return self.mine.level == self.theirs.level


def beside_reports(store: Store, grader_id: str) -> list[Beside]:
    """Of the answers that this grader has graded, and of no other. Raises StoreError."""
    return [
        Beside(
            response_id=each.response_id,
            item=f"{each.task_title} {each.prompt_number} · {each.prompt_title}",
            model=each.model_title,
            criterion=each.criterion,
            report=each.report,
            mine=Given(each.level, each.value),
            theirs=Given(each.report_level, each.report_value),
        )
        for each in store.outcomes.beside_reports(grader_id)
    ]


def same_words(beside: Sequence[Beside]) -> str:
    """`24 of 30 the same`."""
    return f"{sum(each.is_same for each in beside)} of {len(beside)} the same"
