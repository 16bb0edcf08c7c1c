"""A line of text that costs nothing while it stays the same."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class OneLine(Static):
    """Drawn when its text changes; what is beside it is laid out anew only when its width does."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes, markup=False)
        self._line = Content()

    def show(self, line: Content) -> None:
        before, self._line = self._line, line
        self.set_class(not line, "-empty")
        if not line.is_same(before):
            self.update(line, layout=line.cell_length != before.cell_length)
