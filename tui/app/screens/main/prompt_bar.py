"""The prompt on the sheet: its title and as much of its text as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.errors import NoWidget
from textual.widgets import Static

from tui.app.view.expected import expected_shown
from tui.app.view.key_names import key_name
from tui.app.wrapping import wrap
from tui.text import safe_line

if TYPE_CHECKING:
    from textual import events

    from tui.catalogue.item import Item

ROWS, ROWS_WHEN_SHORT = 3, 2
EXPECTED_ROWS, EXPECTED_ROWS_WHEN_SHORT = 2, 1
MORE = " … ({details}: all of it)"
CORRECT = "Correct: "


class PromptBar(Static):
    """The correct answer stands below the prompt where the item has one and its criterion shows it."""

    def __init__(self) -> None:
        super().__init__(id="prompt-bar", markup=False)
        self._heading = ""
        self._text = ""
        self._expected = ""
        self._is_cut = False
        self._row_count = 0
        self._was_read = False

    @property
    def shows_expected(self) -> bool:
        """True if the whole correct answer is in view, or was in the details of this item."""
        if not self._expected:
            return False
        return self._was_read or (not self._is_cut and self._is_in_view)

    def show(self, item: Item) -> None:
        task, prompt = item
        self._heading = f"{safe_line(task.title)} {prompt.number} · {safe_line(prompt.title)}"
        self._text = safe_line(f"{prompt.text} {prompt.input}")
        self._expected = safe_line(expected_shown(item))
        self._was_read = False
        self._draw()

    def choose_criterion(self, item: Item, criterion: int) -> None:
        """Show the correct answer as far as this criterion does."""
        expected = safe_line(expected_shown(item, criterion))
        if expected != self._expected:
            self._expected = expected
            self._draw()

    def note_details(self) -> None:
        """Note that the person looks at all of it, where details are shown."""
        self._was_read = True

    def on_resize(self, event: events.Resize) -> None:
        self._draw()
        # Its height may be that of the size before: what may be high now is told by classes of the screen.
        self.call_after_refresh(self.refresh, layout=True)

    @property
    def _is_in_view(self) -> bool:
        try:
            region, seen = self.region, self.screen.find_widget(self).visible_region
        except NoWidget:
            return False
        return bool(seen) and seen == region and self.content_size.height >= self._row_count

    def _draw(self) -> None:
        width = self.content_size.width or 80
        is_short = self.screen.has_class("-short")
        rows, _ = self._cut(wrap(self._text, width), ROWS_WHEN_SHORT if is_short else ROWS, width)
        heading = Content(self._heading).truncate(width, ellipsis=True).stylize("bold")
        lines = [heading, *map(Content, rows)]
        self._is_cut = False
        if self._expected:
            most = EXPECTED_ROWS_WHEN_SHORT if is_short else EXPECTED_ROWS
            expected, self._is_cut = self._cut(wrap(f"{CORRECT}{self._expected}", width), most, width)
            lines += map(Content, expected)
        self._row_count = len(lines)
        self.update(Content("\n").join(lines))

    def _cut(self, rows: list[str], most: int, width: int) -> tuple[list[str], bool]:
        """Rows that fit, the last of which names the key that shows the rest; whether there is a rest."""
        if len(rows) <= most:
            return [row.rstrip() for row in rows], False
        more = MORE.format(details=key_name(self.app, "details"))
        last = wrap(rows[most - 1].rstrip(), max(width - cell_len(more), 2))[0]
        return [*rows[: most - 1], last.rstrip() + more], True
