"""Guesses who wrote some answers, one after another: the check of a blinding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.screens.dialogs.scrolling import SCROLLING
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.scrolling import scroll
from tui.app.widgets.stream_text import StreamText
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

    from tui.grading.guessing import ToGuess

AT_ONCE = 10
"""Models that have a key."""


class GuessScreen(ModalScreen[None]):
    """The one place where models are named before the reveal. `guess` stores one, and says whether it could;
    `models` are titles by name."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        *(Binding(str(place % 10), f"guess({place - 1})", show=False) for place in range(1, AT_ONCE + 1)),
        Binding("space", "skip", "I don't know"),
        Binding("tab", "more", "More models"),
        Binding("escape,q", "dismiss", "Leave"),
        *SCROLLING,
    ]

    def __init__(
        self, asked: Sequence[ToGuess], models: Mapping[str, str], guess: Callable[[str, str], bool]
    ) -> None:
        super().__init__()
        self._asked = asked
        self._models = list(models.items())
        self._guess = guess
        self._place, self._first = 0, 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            yield Static(classes="dialog-title", markup=False)
            yield StreamText()
            yield Static(id="models", markup=False)
            yield KeyFooter()

    def on_mount(self) -> None:
        self._text.can_focus = True
        self._text.focus()
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return len(self._models) > AT_ONCE if action == "more" else True

    def action_scroll(self, where: str) -> None:
        scroll(self._text, where)

    def action_guess(self, key: int) -> None:
        chosen = self._models[self._first : self._first + AT_ONCE][key : key + 1]
        if chosen and self._guess(self._asked[self._place].response_id, chosen[0][0]):
            self._go_on()

    def action_skip(self) -> None:
        self._go_on()

    def action_more(self) -> None:
        """The next models, around the corner."""
        following = self._first + AT_ONCE
        self._first = following if following < len(self._models) else 0
        self._draw()

    @property
    def _text(self) -> StreamText:
        return self.query_one(StreamText)

    def _go_on(self) -> None:
        self._place, self._first = self._place + 1, 0
        if self._place < len(self._asked):
            self._draw()
        else:
            self.dismiss(None)

    def _draw(self) -> None:
        (task, prompt), text = self._asked[self._place].item, self._asked[self._place].text
        where = f"{task.title} {prompt.number} · {prompt.title}"
        title = f"Who wrote this? {self._place + 1} of {len(self._asked)} · {where}"
        self.query_one(".dialog-title", Static).update(Content(safe_line(title)))
        self._text.show(text)
        self.query_one("#models", Static).update(self._listed())

    def _listed(self) -> Content:
        named = self._models[self._first : self._first + AT_ONCE]
        titles = [title for _, title in self._models]
        rows = [
            Content.assemble((f" {number % 10} ", "bold"), safe_line(_title(name, title, titles)))
            for number, (name, title) in enumerate(named, 1)
        ]
        return Content("\n").join(rows)


def _title(name: str, title: str, titles: Sequence[str]) -> str:
    """With the name where several models have the title."""
    return f"{title} ({name})" if titles.count(title) > 1 else title
