"""A search for a prompt by words in its task, title or text, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.safe_input import SafeTextArea
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widgets import TextArea

    from tui.catalogue.item import Item

NO_WORDS = "Search: words of the task, title or text"
AGAIN = "Search: Enter for the next with “{words}”"
NO_HIT = "Search: no prompt has these words"


class Hit(NamedTuple):
    place: int
    words: str
    """Those that were searched for, now or the last time."""


class SearchScreen(ModalScreen[Hit | None]):
    """Gives the prompt to go to, or None when the person leaves all as it was. Hits come in the order of the
    list, after `start` and around the corner; `point` is told of each that is looked at."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        Binding("enter", "choose", "Go to it", priority=True),
        Binding("down", "move(1)", "Next hit", priority=True),
        Binding("up", "move(-1)", "Hit before", priority=True),
        Binding("escape", "cancel", "Leave it as it was"),
    ]

    def __init__(self, items: Sequence[Item], start: int, words: str, point: Callable[[int], None]) -> None:
        """`words` are those of the last search, which none now repeat."""
        super().__init__()
        self._items = items
        self._texts = [_text(item) for item in items]
        self._start = start
        self._last_words = words
        self._point = point
        self._hits: list[int] = []
        self._at = 0
        self._searched = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title(), classes="dialog-title", markup=False)
            yield SafeTextArea(id="search")
            yield KeyFooter()

    def on_mount(self) -> None:
        self.set_focus(self._area)  # at once: what is typed next are the words

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._search(self._area.written)

    def action_choose(self) -> None:
        self._area.after_typing(self._choose)

    def action_move(self, step: int) -> None:
        if self._hits:
            self._at = (self._at + step) % len(self._hits)
            self._show()

    def action_cancel(self) -> None:
        self.dismiss(None)

    @property
    def _area(self) -> SafeTextArea:
        return self.query_one(SafeTextArea)

    def _search(self, words: str) -> None:
        if words == self._searched:
            return
        self._searched, self._at = words, 0
        self._hits = hits(self._texts, words, self._start)
        self._show()

    def _choose(self) -> None:
        self._search(self._area.written or self._last_words)
        self.dismiss(Hit(self._hits[self._at], self._searched) if self._hits else None)

    def _show(self) -> None:
        self.query_one(".dialog-title", Static).update(self._title())
        self._point(self._hits[self._at] if self._hits else self._start)

    def _title(self) -> str:
        if not self._searched:
            return AGAIN.format(words=safe_line(self._last_words)) if self._last_words else NO_WORDS
        if not self._hits:
            return NO_HIT
        task, prompt = self._items[self._hits[self._at]]
        title = safe_line(f"{task.title} {prompt.number} · {prompt.title}")
        return f"{self._at + 1} of {len(self._hits)}: {title}"


def hits(texts: Sequence[str], words: str, start: int) -> list[int]:
    """The places of the texts that have all the words, whatever their case: from the one after `start` on,
    around the corner."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = [place for place, text in enumerate(texts) if all(word in text for word in wanted)]
    return [place for place in found if place > start] + [place for place in found if place <= start]


def _text(item: Item) -> str:
    task, prompt = item
    return f"{item.name} {task.title} {prompt.title} {prompt.text} {prompt.input}".casefold()
