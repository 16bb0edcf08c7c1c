"""The correct answer, as far as whoever judges may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.catalogue.item import Item


def expected_shown(item: Item) -> str:
    """Empty where there is none, or where the criterion is judged without it."""
    may_see = getattr(item.rubric.criterion, "shows_expected", True)
    return item.prompt.expected if may_see else ""
