"""A grader's grades beside those of a report, answer by answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.view.marks import grade_mark, grade_style
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.one_line import OneLine
from tui.grading.agreement import same_words
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui.grading.agreement import Beside
    from tui.grading.judged import Given

SAME, DIFFERS = "=", "≠"
GRADE_CELLS = 12
EDGE_CELLS = 6
"""Cells beside the rows: the frame, the padding, the scrollbar."""


class AgreementScreen(ModalScreen[str | None]):
    """Gives the id of the response to look at again."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        Binding("enter", "look", "Look at it again", priority=True),
        Binding("j", "move('down')", "Down", show=False),
        Binding("k", "move('up')", "Up", show=False),
        Binding("d", "next_other", "Next that differs"),
        Binding("escape,q", "dismiss", "Close"),
    ]

    def __init__(self, beside: Sequence[Beside]) -> None:
        super().__init__()
        self._beside = beside

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -form"):
            title = f"Your grades and the report's: {same_words(self._beside)}"
            yield Static(title, classes="dialog-title", markup=False)
            yield OneLine(id="columns")
            yield OptionList(id="beside", markup=False)
            yield KeyFooter()

    def on_mount(self) -> None:
        self._draw(self.app.size.width)
        self.query_one(OptionList).focus()

    def on_resize(self, event: events.Resize) -> None:
        self._draw(event.size.width)

    def action_look(self) -> None:
        place = self.query_one(OptionList).highlighted
        self.dismiss(None if place is None else self._beside[place].response_id)

    def action_move(self, where: str) -> None:
        rows = self.query_one(OptionList)
        if where == "down":
            rows.action_cursor_down()
        else:
            rows.action_cursor_up()

    def action_next_other(self) -> None:
        """Go to the next row where the two differ, around the corner."""
        rows, count = self.query_one(OptionList), len(self._beside)
        start = -1 if rows.highlighted is None else rows.highlighted
        order = ((start + step) % count for step in range(1, count + 1))
        rows.highlighted = next((place for place in order if not self._beside[place].is_same), start)

    def _draw(self, width: int) -> None:
        rows = self.query_one(OptionList)
        highlighted = rows.highlighted or 0
        room = min(width * 95 // 100, 110) - EDGE_CELLS
        rows.clear_options()
        rows.add_options(Option(_row(each, room)) for each in self._beside)
        rows.highlighted = highlighted
        heading = _columns(room, Content("Answer"), Content(), Content("Yours"), Content("The report's"))
        self.query_one("#columns", OneLine).show(Content.assemble("  ", heading).stylize("bold"))


def _row(beside: Beside, room: int) -> Content:
    mark = (f"{SAME} ", "$text-muted") if beside.is_same else (f"{DIFFERS} ", "bold $text-warning")
    item, model = Content(safe_line(beside.item)), Content(safe_line(beside.model))
    return Content.assemble(mark, _columns(room, item, model, _grade(beside.mine), _grade(beside.theirs)))


def _grade(given: Given) -> Content:
    style = grade_style(given)
    return Content.styled(f"{safe_line(given.level or '')} {grade_mark(given)}", style)


def _columns(room: int, item: Content, model: Content, mine: Content, theirs: Content) -> Content:
    left = max(room - 2 * (GRADE_CELLS + 1) - 3, 2)
    cells = [(item, left * 3 // 5), (model, left - left * 3 // 5), (mine, GRADE_CELLS), (theirs, GRADE_CELLS)]
    return Content(" ").join(content.truncate(cell, ellipsis=True, pad=True) for content, cell in cells)
