"""Answers that were graded differently, worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.app.keys import IN_A_LIST
from tui.app.screens.results.wrapped import column
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.analysis.disagreements import Disagreement

SHARES = (0.34, 0.26)
"""Of the item and of the model; the rest says who gave what."""
DISTANCE = 3


class DifferingList(OptionList):
    BINDINGS = [*IN_A_LIST]

    def __init__(self) -> None:
        super().__init__(id="differing", markup=False)
        self._of: Sequence[Disagreement] = ()
        self._width = 0

    def set_figures(self, of: Sequence[Disagreement], place: int) -> None:
        """List these, with the cursor on the one at this place."""
        self._of = of
        self._draw(place)

    @property
    def chosen(self) -> Disagreement | None:
        place = self.highlighted
        return self._of[place] if place is not None and place < len(self._of) else None

    def on_resize(self, event: events.Resize) -> None:
        if self.scrollable_content_region.width != self._width:
            self._draw(self.highlighted or 0)

    def _draw(self, place: int) -> None:
        self._width = self.scrollable_content_region.width
        self.clear_options()
        self.add_options(Option(_line(each, self._width)) for each in self._of)
        if self._of:
            self.highlighted = min(place, len(self._of) - 1)


def _line(of: Disagreement, width: int) -> Content:
    """How many levels apart, the item, the model, who gave what."""
    left = max(width - DISTANCE - 3, 3)
    item, model = (int(share * left) for share in SHARES)
    given = ", ".join(f"{safe_line(grader)} {safe_line(level)}" for grader, level in of.given)
    cells = (
        (f"{of.distance:>{DISTANCE - 1}}", DISTANCE),
        (safe_line(of.item), item),
        (safe_line(of.model), model),
        (given, left - item - model),
    )
    return Content(" ".join(column(text, room) for text, room in cells))
