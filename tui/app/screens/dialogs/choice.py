"""The first question of the app, where there are several things that it can open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.widgets.key_footer import KeyFooter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

MOST = 9


class ChoiceScreen(ModalScreen[int]):
    """Gives the place of what was chosen: by its number, or under the cursor with Enter."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        *(Binding(str(number), f"choose({number - 1})", show=False) for number in range(1, MOST + 1)),
        Binding("enter", "choose(-1)", "Open it", priority=True),
        Binding("j,down", "move(1)", "Down"),
        Binding("k,up", "move(-1)", "Up", show=False),
        Binding("q,escape", "app.quit", "Quit"),
    ]

    def __init__(self, question: str, choices: Sequence[tuple[str, str]]) -> None:
        """Each with a title and a sentence about it."""
        super().__init__()
        self._question = question
        self._choices = choices

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -wide"):
            yield Static(self._question, classes="dialog-title", markup=False)
            yield OptionList(*map(Option, map(_row, range(len(self._choices)), self._choices)), id="choices")
            yield KeyFooter()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()

    def action_choose(self, place: int) -> None:
        chosen = self.query_one(OptionList).highlighted if place < 0 else place
        if chosen is not None and chosen < len(self._choices):
            self.dismiss(chosen)

    def action_move(self, step: int) -> None:
        rows = self.query_one(OptionList)
        rows.highlighted = ((rows.highlighted or 0) + step) % len(self._choices)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)


def _row(place: int, choice: tuple[str, str]) -> Content:
    title, words = choice
    return Content.assemble((f"{place + 1}  {title}", "bold"), f"\n   {words}")
