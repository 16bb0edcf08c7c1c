"""All prompts by task, each with a mark per model: what is answered and how it was graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.app.messages import PromptChosen
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.catalogue.task import Prompt, Task

LINE_WIDTH = 30
"""Cells of a line; main.tcss gives the list these and its border."""

Marks = tuple[tuple[str, str], ...]
"""Per model: the mark and its style."""


class PromptList(OptionList):
    BINDINGS = [
        # Not the list's own, which is by message: the next key would come before it.
        Binding("enter,space", "screen.choose_prompt", "Select", show=False),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="prompts", markup=False)
        self._titles: list[str] = []

    def set_prompts(self, prompts: Sequence[tuple[Task, Prompt]], marks: Mapping[int, Marks]) -> None:
        """List these prompts; option ids are their places in `prompts`."""
        options: list[Option] = []
        previous = ""
        self._titles = []
        for place, (task, prompt) in enumerate(prompts):
            if task.name != previous:
                heading = Content.styled(safe_line(task.title), "bold").truncate(LINE_WIDTH, ellipsis=True)
                options.append(Option(heading, disabled=True))
                previous = task.name
            self._titles.append(f" {prompt.number} {safe_line(prompt.title)}")
            options.append(Option(self._line(place, marks.get(place, ())), id=str(place)))
        self.clear_options()
        self.add_options(options)

    def set_marks(self, place: int, marks: Marks) -> None:
        self.replace_option_prompt(str(place), self._line(place, marks))

    @property
    def place(self) -> int | None:
        """Of the prompt under the cursor."""
        option = self.highlighted_option
        return int(option.id) if option is not None and option.id is not None else None

    def choose(self, place: int) -> None:
        self.highlighted = self.get_option_index(str(place))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            self.post_message(PromptChosen(int(event.option.id)))

    def _line(self, place: int, marks: Marks) -> Content:
        # The marks stand at the right edge, the title gives way.
        width = max(8, LINE_WIDTH - len(marks) - 1)
        title = Content(self._titles[place]).truncate(width, ellipsis=True, pad=True)
        return Content.assemble(title, " ", *marks)
