"""The first row of a pane: the model's name, and at the right what it is doing."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

GAP = "  "


class PaneHeader(Static):
    """The name and the state in one widget, so that a longer state moves nothing. The name gives way."""

    def __init__(self) -> None:
        super().__init__(classes="pane-header", markup=False)
        self._title = Content()
        self._state = Content()

    def show(self, title: Content, state: Content) -> None:
        if title.is_same(self._title) and state.is_same(self._state):
            return
        self._title, self._state = title, state
        self.refresh()

    def render(self) -> Content:
        width = self.size.width
        state = self._state.truncate(3 * width // 5, ellipsis=True)
        room = max(width - state.cell_length - len(GAP), 0)
        return Content.assemble(self._title.truncate(room, ellipsis=True, pad=True), GAP, state)
