"""The correct answer, as far as whoever judges may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.catalogue.item import Item


def expected_shown(item: Item, criterion: int = 0) -> str:
    """Empty where there is none, or where the criterion at this place is judged without it."""
    return item.prompt.expected if item.rubric.criteria[criterion].shows_expected else ""
