"""All prompts by task, each with a mark per model: what is answered and how it was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.app.keys import IN_A_LIST
from tui.app.messages import PromptChosen
from tui.app.view.marks import BEST, MIDDLE, SKIPPED, WORST
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.catalogue.item import Item

LEAST_TITLE = 12
"""Cells of a title that marks leave it; more marks than that are counted instead."""

JUDGED = {BEST, MIDDLE, WORST, SKIPPED}

Marks = tuple[tuple[str, str], ...]
"""Per model: the mark and its style."""


class PromptList(OptionList):
    BINDINGS = [
        # Not the list's own, which is by message: the next key would come before it.
        Binding("enter,space", "screen.choose_prompt", "Select", show=False),
        *IN_A_LIST,
    ]

    def __init__(self) -> None:
        super().__init__(id="prompts", markup=False)
        self._titles: dict[str, Content] = {}
        self._marks: dict[str, Marks] = {}
        self._width = 0
        """The width for which the lines were drawn: a single one may be newer."""

    def set_items(self, items: Sequence[Item]) -> None:
        """List these items, without marks yet; option ids are their places in `items`."""
        options: list[Option] = []
        previous = ""
        self._titles, self._marks, self._width = {}, {}, self._room
        for place, (task, prompt) in enumerate(items):
            if task.name != previous:
                heading = f"before {place}"
                self._titles[heading] = Content.styled(safe_line(task.title), "bold")
                options.append(Option(self._line(heading), id=heading, disabled=True))
                previous = task.name
            self._titles[str(place)] = Content(f" {prompt.number} {safe_line(prompt.title)}")
            self._marks[str(place)] = ()
            options.append(Option(self._line(str(place)), id=str(place)))
        self.clear_options()
        self.add_options(options)

    def set_marks(self, place: int, marks: Marks) -> None:
        if self._marks[str(place)] != marks:
            self._marks[str(place)] = marks
            self.replace_option_prompt(str(place), self._line(str(place)))

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def watch_show_vertical_scrollbar(self) -> None:
        """Draw the lines anew, as the scrollbar takes cells from them."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if self._room != self._width:
            self._width = self._room
            for option in self._titles:
                self.replace_option_prompt(option, self._line(option))

    @property
    def place(self) -> int | None:
        """The place of the prompt under the cursor."""
        option = self.highlighted_option
        return int(option.id) if option is not None and option.id in self._marks else None

    def places_in_view(self) -> set[int]:
        """The places of the prompts in view; each takes one line."""
        first = round(self.scroll_y)
        shown = self.options[first : first + self.scrollable_content_region.height]
        return {int(option.id) for option in shown if option.id in self._marks}

    def choose(self, place: int) -> None:
        self.highlighted = self.get_option_index(str(place))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id in self._marks:
            self.post_message(PromptChosen(int(event.option.id)))

    @property
    def _room(self) -> int:
        """Cells of a line, beside the scrollbar if there is one."""
        return self.scrollable_content_region.width

    def _line(self, option: str) -> Content:
        """The marks stand at the right edge, the title gives way."""
        width = self._room
        marks = Content.assemble(*self._marks.get(option, ()))
        if marks and marks.cell_length > width - LEAST_TITLE:
            marks = counted(self._marks[option])
        room = max(width - marks.cell_length - bool(marks), 1)
        title = self._titles[option].truncate(room, ellipsis=True, pad=bool(marks))
        return Content.assemble(title, " ", marks) if marks else title


def counted(marks: Marks) -> Content:
    """The number of judged answers, for where there is no room for a mark of each."""
    return Content(f"{sum(mark in JUDGED for mark, _ in marks)}/{len(marks)}")
