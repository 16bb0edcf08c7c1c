"""What a grader judged, newest first, and what waits: filtered, searched, chosen to be seen again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.app.keys import ANYWHERE
from tui.app.screens.history.entry_list import EntryList
from tui.app.screens.main.telling import Telling
from tui.app.widgets.key_footer import KeyFooter
from tui.app.widgets.safe_input import SafeTextArea
from tui.grading.history import Entry, Filter, Page
from tui.text import safe_line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.widgets import TextArea

    from tui.app.context import AppContext

WITHOUT_LEVEL = (
    Filter("all"),
    Filter("open"),
    Filter("flagged"),
    Filter("skipped"),
    Filter("noted"),
)
NONE = {
    "all": "Nothing is judged yet.",
    "open": "No answer waits for a judgement.",
    "flagged": "No answer is flagged.",
    "skipped": "No answer is skipped.",
    "noted": "No answer has a note.",
    "level": "No answer has this level.",
}
NONE_HAS_WORDS = "None of these has the words “{words}”."


class HistoryScreen(Screen[Entry | None]):
    """Gives the entry that the person wants to see, or None."""

    CSS_PATH = "screen.tcss"
    BINDINGS = [
        Binding("enter", "choose", "Go to it", priority=True),
        Binding("tab,f", "filter(1)", "Next filter"),
        Binding("shift+tab,F", "filter(-1)", "Filter before", show=False),
        Binding("slash", "words", "Words"),
        Binding("escape,H,q", "leave", "Back"),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        *(Binding(f"{number % 10}", f"filter_at({number - 1})", show=False) for number in range(1, 11)),
        *ANYWHERE,
    ]
    AUTO_FOCUS = ""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._session = context.session
        self._telling = Telling(self, context)
        self._filters: tuple[Filter, ...] = WITHOUT_LEVEL
        self._chosen = 0
        self._words = ""

    def compose(self) -> ComposeResult:
        yield Static(id="filters", markup=False)
        yield EntryList()
        yield Static(id="none", markup=False)
        yield SafeTextArea(id="words", tab_moves=True)
        yield KeyFooter()

    def on_mount(self) -> None:
        with self._telling.store_errors():
            self._filters += tuple(Filter("level", level) for level in self._session.levels_given())
        self._area.display = False
        self.set_focus(self._list)
        self._read()

    def action_choose(self) -> None:
        if self._types:
            self._area.after_typing(self._choose_narrowed)
        else:
            self._choose()

    def action_filter(self, step: int) -> None:
        self._filter((self._chosen + step) % len(self._filters))

    def action_filter_at(self, place: int) -> None:
        if place < len(self._filters):
            self._filter(place)

    def action_words(self) -> None:
        self._area.display = True
        self.set_focus(self._area)  # at once: what is typed next are the words

    def action_leave(self) -> None:
        if not self._area.display:
            self.dismiss(None)
            return
        self._area.begin_with("")
        self._area.display = False
        self.set_focus(self._list)
        self._narrow()

    def action_move(self, step: int) -> None:
        """In the list, also while words are typed."""
        if step > 0:
            self._list.action_cursor_down()
        else:
            self._list.action_cursor_up()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._narrow()

    def on_option_list_option_selected(self, event: EntryList.OptionSelected) -> None:
        """By a click; Enter is a key of this screen."""
        event.stop()
        self._choose()

    @property
    def _list(self) -> EntryList:
        return self.query_one(EntryList)

    @property
    def _area(self) -> SafeTextArea:
        return self.query_one(SafeTextArea)

    @property
    def _types(self) -> bool:
        return self.focused is self._area

    @property
    def _wanted(self) -> Filter:
        return self._filters[self._chosen]._replace(words=self._words)

    def _filter(self, place: int) -> None:
        self._chosen = place
        self._read()

    def _narrow(self) -> None:
        words = self._area.written
        if words != self._words:
            self._words = words
            self._read()

    def _choose_narrowed(self) -> None:
        self._narrow()
        self._choose()

    def _choose(self) -> None:
        if self._list.asks_for_more:
            page = self._page(self._list.last)
            self._list.add(page.entries, has_more=not page.is_last)
        elif (entry := self._list.entry) is not None:
            self.dismiss(entry)

    def _read(self) -> None:
        page = self._page(None)
        self._list.show(page.entries, has_more=not page.is_last)
        self._list.display = bool(page.entries)
        none = self.query_one("#none", Static)
        none.display = not page.entries
        none.update(Content(self._none_words()))
        self.query_one("#filters", Static).update(self._filters_line())

    def _page(self, after: Entry | None) -> Page:
        with self._telling.store_errors():
            return self._session.history(self._wanted, after)
        return Page((), True)

    def _none_words(self) -> str:
        if self._words.strip():
            return NONE_HAS_WORDS.format(words=safe_line(self._words))
        return NONE[self._wanted.show]

    def _filters_line(self) -> Content:
        """Each with its key; the chosen one told without colour too."""
        parts = [Content.styled("History ", "bold")]
        for place, each in enumerate(self._filters):
            key = f"{(place + 1) % 10} " if place < 10 else ""
            name = f"{key}{safe_line(each.level or each.show)}"
            parts.append(
                Content.styled(f" {name} ", "bold reverse") if place == self._chosen else Content(f" {name} ")
            )
        return Content("").join(parts)
