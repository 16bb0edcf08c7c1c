"""When guidelines are shown: before the first answers of a task, and whenever they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.view.key_names import key_name

if TYPE_CHECKING:
    from tui.app.screens.main.board import Board
    from tui.app.screens.main.telling import Telling
    from tui.grading.session import Session
    from tui.grading.sheet import Sheet


class Guiding:
    """In a session over stored answers they come by themselves, once for each task."""

    def __init__(self, board: Board, session: Session, telling: Telling) -> None:
        self._board = board
        self._session = session
        self._telling = telling
        self._is_asked_for = False
        self._introduces = False

    def follow(self, sheet: Sheet) -> None:
        """Another sheet is shown."""
        self._introduces = sheet.introduces and not self._session.generates
        self._draw(sheet)

    def toggle(self) -> None:
        sheet = self._session.current()
        if sheet is None:
            return
        is_shown = self._board.guidelines.display
        self._is_asked_for, self._introduces = not is_shown, False
        self._draw(sheet)
        self._board.call_after_refresh(self._say_if_no_room)

    def _say_if_no_room(self) -> None:
        if self._is_asked_for and not self._board.guidelines.display:
            details = key_name(self._board.app, "details")
            self._telling.say(f"There is no room for the guidelines here: {details} shows them.")

    def _draw(self, sheet: Sheet) -> None:
        self._board.guide(sheet.item if self._is_asked_for or self._introduces else None)
