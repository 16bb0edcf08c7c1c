"""The matrix: a row for each item, a column for each model with its total above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual.binding import Binding
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from tui.app.screens.results.cells import hidden_totals, short
from tui.app.screens.results.totals import COLUMN, WIDEST, headings, labels, lines_of
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from textual import events
    from textual.timer import Timer

    from tui.analysis.cells import Cell, ItemFigures
    from tui.analysis.judged import Measure
    from tui.analysis.results import CriterionFigures

PADDING, SCROLLBAR = 1, 1
NAME_LEAST, NAME_MOST = 18, 44
NAME = "name"


SETTLED: Final = 0.1
"""Seconds without another size, after which it is laid out anew: of 10,000 cells that takes a while."""


class Place(NamedTuple):
    """What the cursor is on."""

    item: ItemFigures
    model: str
    cell: Cell | None


class Matrix(DataTable[Text]):
    """The item's name stays where columns scroll."""

    BINDINGS = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("h", "cursor_left", "Left", show=False),
        Binding("l", "cursor_right", "Right", show=False),
        Binding("g", "scroll_top", "First", show=False),
        Binding("G", "scroll_bottom", "Last", show=False),
    ]

    class Moved(Message):
        """The cursor is on another cell."""

    def __init__(self) -> None:
        super().__init__(id="matrix", cursor_type="cell", cell_padding=PADDING, fixed_columns=1)
        self._of: CriterionFigures | None = None
        self._measure: Measure = "strict"
        self._judged: AbstractSet[str] = frozenset()
        self._models: list[str] = []
        self._items: list[ItemFigures] = []
        self._cells: list[dict[str, Cell]] = []
        self._laid_out = 0
        self._resized: Timer | None = None
        self._wanted: tuple[str, str] | None = None

    def set_figures(
        self,
        of: CriterionFigures,
        measure: Measure,
        judged: AbstractSet[str],
        wanted: tuple[str, str] | None = None,
    ) -> None:
        """Show these. `judged` are the ids of the responses of which the reader may see all grades, `wanted`
        is where the cursor begins."""
        self._wanted = self._here() or wanted
        self._of, self._measure, self._judged = of, measure, judged
        self._models = [each.model for each in of.models]
        self._items = sorted(of.items, key=_by_number)
        self._cells = [{cell.model: cell for cell in item.cells} for item in self._items]
        self._lay_out()
        self._go_to(self._wanted)

    def _here(self) -> tuple[str, str] | None:
        """Where the cursor is, as what is wanted is told; None before anything is laid out."""
        place = self.place if self.row_count else None
        return (place.item.prompt_hash, place.model) if place else None

    @property
    def place(self) -> Place | None:
        row, column = self.cursor_row, self.cursor_column - 1
        if not (row in range(len(self._cells)) and column in range(len(self._models))):
            return None
        model = self._models[column]
        return Place(self._items[row], model, self._cells[row].get(model))

    def _go_to(self, wanted: tuple[str, str] | None) -> None:
        """Put the cursor on an item, by its prompt's hash, and a model; else on the first cell."""
        hash_, model = wanted or ("", "")
        hashes = [item.prompt_hash for item in self._items]
        row = hashes.index(hash_) if hash_ in hashes else 0
        column = self._models.index(model) + 1 if model in self._models else 1
        self.move_cursor(row=row, column=column)

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw_again())

    def on_resize(self, event: events.Resize) -> None:
        if not self._laid_out:
            self._draw_again()
            return
        if self._resized:
            self._resized.stop()
        self._resized = self.set_timer(SETTLED, self._fit)

    def _fit(self) -> None:
        if self.outer_size.width != self._laid_out:  # scrollbars come and go
            self._draw_again()

    def validate_cursor_coordinate(self, value: Coordinate) -> Coordinate:
        """Never on an item's name."""
        row, column = super().validate_cursor_coordinate(value)
        return Coordinate(row, max(column, 1) if self._models else column)

    def _scroll_cursor_into_view(self, animate: bool = False) -> None:
        """At once: what a key shows must be there for the next one."""
        super()._scroll_cursor_into_view(animate=False)

    def watch_cursor_coordinate(self, old: object, new: object) -> None:
        super().watch_cursor_coordinate(old, new)  # type: ignore[arg-type]
        self.post_message(self.Moved())

    def _draw_again(self) -> None:
        self._wanted = self._here() or self._wanted
        self._lay_out()
        self._go_to(self._wanted)

    def _lay_out(self) -> None:
        of = self._of
        if of is None or not self.outer_size.width:  # before it has a size no column would have one
            return
        self._laid_out = self.outer_size.width
        self.clear(columns=True)
        name, width = self._widths(of)
        named = headings(self._models, width)
        self.header_height = max(map(len, named), default=1) + len(labels(self._measure))
        self.add_column(_lines([""] * max(map(len, named), default=1) + labels(self._measure)), width=name)
        ranks = {each.model: each for each in of.comparison.ranks} if of.comparison else {}
        hidden = hidden_totals(self._items, self._judged)
        for figures, heading in zip(of.models, named, strict=True):
            rank = ranks.get(figures.model) if self._measure == "strict" else None
            is_hidden = figures.model in hidden
            self.add_column(
                _lines([*heading, *lines_of(figures.of(self._measure), rank, width, is_hidden=is_hidden)]),
                width=width,
                key=figures.model,
            )
        for item, cells in zip(self._items, self._cells, strict=True):
            given = (short(cells.get(model), self._judged) for model in self._models)
            name_of = _cell(f"{item.name} {item.title}", name)
            self.add_row(
                name_of,
                *(
                    Text(words, self._style(style), no_wrap=True, overflow="ellipsis")
                    for words, style in given
                ),
            )

    def _style(self, style: str) -> str:
        """A variable of the theme, where it is a colour."""
        value = self.app.theme_variables.get(style.removeprefix("$"), "")
        return value if value.startswith("#") else ""

    def _widths(self, of: CriterionFigures) -> tuple[int, int]:
        """Of the names of items, and of each column: as many columns as there is room for."""
        room, edge = self.outer_size.width - SCROLLBAR, 2 * PADDING
        least, count = COLUMN + edge, len(self._models) or 1
        longest = max((cell_len(safe_line(f"{each.name} {each.title}")) for each in of.items), default=0)
        in_view = max(min((room - NAME_LEAST - edge) // least, count), 1)
        name = min(room - in_view * least - edge, longest, NAME_MOST)
        name = max(name, min(NAME_LEAST, room // 2))
        width = (room - name - edge) // in_view - edge
        return name, max(min(width, WIDEST), COLUMN)


def _cell(text: str, width: int) -> Text:
    found = Text(safe_line(text), no_wrap=True, overflow="ellipsis")
    found.truncate(width, overflow="ellipsis")
    return found


def _by_number(item: ItemFigures) -> tuple[str, int, str]:
    number = item.name.rpartition("/")[2]
    return item.task, int(number) if number.isdecimal() else 0, item.prompt_hash


def _lines(lines: list[str]) -> Text:
    return Text("\n".join(lines), no_wrap=True)
