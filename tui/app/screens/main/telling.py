"""The main screen's short messages to the person."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from tui.app.context import AppContext

CANNOT_BE_READ = "The database cannot be read"


class Telling:
    def __init__(self, screen: Screen[Any], context: AppContext) -> None:
        self._screen = screen
        self._context = context

    def say(self, text: str, *, title: str = "", severity: SeverityLevel = "information") -> None:
        """A toast in place of those before it: what was said of the previous key is of no use now."""
        self._screen.app.clear_notifications()
        timeout = 3 if severity == "information" else 8
        self._screen.notify(text, title=title, severity=severity, timeout=timeout)

    def refuse(self, why: str) -> None:
        """Refuse a key that would have decided: a bell for eyes on the answer, and a line to read."""
        self._screen.app.bell()
        self.say(why, severity="warning")

    @contextmanager
    def store_errors(self, title: str = CANNOT_BE_READ) -> Iterator[None]:
        """A refusal of the database becomes a toast, and so does a row that cannot be read; the app goes on
        with what it has."""
        try:
            yield
        except StoreError as error:
            self.say(str(error), title=title, severity="error")
            return
        if remarks := self._context.take_remarks():
            self.say("\n".join(remarks), severity="warning")
