"""The prompt on the desk: its title and as much of its text as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from tui.app.key_names import key_name
from tui.app.wrapping import wrap
from tui.text import safe_line

if TYPE_CHECKING:
    from textual import events

    from tui.catalogue.item import Item

ROWS, ROWS_WHEN_SHORT = 3, 2
MORE = " … ({details}: all of it)"


class PromptBar(Static):
    def __init__(self) -> None:
        super().__init__(id="prompt-bar", markup=False)
        self._heading = ""
        self._text = ""

    def show(self, item: Item) -> None:
        task, prompt = item
        self._heading = f"{safe_line(task.title)} {prompt.number} · {safe_line(prompt.title)}"
        self._text = safe_line(f"{prompt.text} {prompt.input}")
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width or 80
        most = ROWS_WHEN_SHORT if self.screen.has_class("-short") else ROWS
        rows = wrap(self._text, width)
        if len(rows) > most:
            more = MORE.format(details=key_name(self.app, "details"))
            last = wrap(rows[most - 1].rstrip(), max(width - cell_len(more), 2))[0]
            rows = [*rows[: most - 1], last.rstrip() + more]
        self.update(Content.assemble((self._heading, "bold"), "\n", "\n".join(rows)))
