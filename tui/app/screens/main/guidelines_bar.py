"""The guidelines of the task, above the answers, which keep their room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.view.guidelines import guidelines
from tui.app.view.key_names import key_name
from tui.app.widgets.stream_text import StreamText
from tui.app.wrapping import wrap
from tui.app.written.markup import SectionStyles
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.catalogue.item import Item

HEADING = "Guidelines · {task}  ({hide} hides them)"
EDGE_CELLS, EDGE_ROWS = 3, 1
"""Cells beside the text and rows below it: padding, scrollbar, the line."""
LEAST_ROWS = 3


class GuidelinesBar(StreamText):
    def __init__(self) -> None:
        self._headings = set[int]()
        self._lines: list[str] = []
        super().__init__(styles=lambda: SectionStyles(self._headings))
        self.id = "guidelines"
        self.display = False

    def put(self, item: Item | None) -> None:
        """Those of this item; None for none."""
        self._lines = []
        if item is not None:
            heading = HEADING.format(task=safe_line(item.task.title), hide=key_name(self.app, "guidelines"))
            text, self._headings = guidelines(item, heading)
            self._lines = text.split("\n")
            self.show(text)
            self.scroll_home(animate=False)
        self.screen.set_class(self.is_wanted, "-guided")  # they say what earns a level, so that has less room

    @property
    def is_wanted(self) -> bool:
        return bool(self._lines)

    def fit(self, width: int, most: int) -> None:
        """Take what it needs of `most` rows, if something can be read in them."""
        needed = sum(len(wrap(line, max(width - EDGE_CELLS, 2))) for line in self._lines)
        rows = min(needed + EDGE_ROWS, most)
        self.display = self.is_wanted and rows >= min(LEAST_ROWS, needed + EDGE_ROWS)
        if self.display:
            self.styles.height = rows
            hidden = needed + EDGE_ROWS - rows
            more = f"line{'s' * (hidden > 1)} · {key_name(self.app, 'details')}: all of it"
            self.border_subtitle = f"↓ {hidden} {more}" if hidden else ""
