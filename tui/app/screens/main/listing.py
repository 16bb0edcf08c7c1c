"""The marks of the items in the list, and how far all of them are."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from tui.app.screens.main.bars import TopBar
from tui.app.screens.main.prompt_list import PromptList
from tui.app.view.marks import cell_mark

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.app.screens.main.telling import Telling
    from tui.grading.session import Session

SECONDS_AT_ONCE = 0.005
"""Rows are read from the database for so long at a time: between two such slices keys are answered."""


class Listing:
    """Reads a row when it is in view, and again when something about it may have changed."""

    def __init__(self, screen: Screen[None], session: Session, telling: Telling) -> None:
        self._screen = screen
        self._session = session
        self._telling = telling
        self._read: set[int] = set()

    @property
    def list(self) -> PromptList:
        return self._screen.query_one(PromptList)

    def set_items(self) -> None:
        self._read.clear()
        self.list.set_items(self._session.items)

    @property
    def is_read(self) -> bool:
        """Whether all rows in view are."""
        return self.list.places_in_view() <= self._read

    def forget(self, places: set[int] | None = None) -> None:
        """Rows to be read again; all, as others write too."""
        self._read = self._read - places if places is not None else set()

    def draw(self) -> None:
        """Read what is in view and not known, as far as that goes quickly."""
        unread = sorted(self.list.places_in_view() - self._read)
        if not unread:
            return
        end = monotonic() + SECONDS_AT_ONCE
        with self._telling.store_errors():
            for place in unread:
                self._read.add(place)
                self.list.set_marks(place, tuple(cell_mark(cell) for cell in self._session.cells(place)))
                if monotonic() > end:
                    break

    def draw_progress(self) -> None:
        if progress := self._session.progress():
            times = self._session.times.median, self._session.seconds_left
            verb = "judged" if self._session.compares else "graded"
            self._screen.query_one(TopBar).set_progress(*progress, *times, verb=verb)
