"""Practice before a session: offered once, done on a screen of its own, and left for the session."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui.app.screens.dialogs.practice import OfferScreen, PracticeEndScreen
from tui.app.screens.main.finishing import Finishing
from tui.grading.practice import PracticeSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.screen import Screen

    from tui.app.context import AppContext
    from tui.app.screens.main.stage import Stage
    from tui.grading.practice import Practice

    Begin = Callable[[], Awaitable[None]]


class Practising:
    """`screen_of` makes the screen on which a context is graded."""

    def __init__(self, stage: Stage, screen_of: Callable[[AppContext], Screen[None]]) -> None:
        self._stage = stage
        self._screen_of = screen_of

    async def before(self, begin: Begin) -> None:
        """Begin, after practice where that is asked for or chosen."""
        context, app = self._stage.context, self._stage.screen.app
        practice = context.practice
        if practice is None or practice.when == "never":
            await begin()
        elif practice.when == "offered":
            offer = OfferScreen(practice.count, context.as_grader)
            await app.push_screen(offer, partial(self._choose, practice, begin))
        else:
            await self._practise(practice, begin)

    async def _choose(self, practice: Practice, begin: Begin, chosen: str | None) -> None:
        if chosen == "practise":
            await self._practise(practice, begin)
            return
        with self._stage.telling.store_errors():
            practice.note_offer()
        await begin()

    async def _practise(self, practice: Practice, begin: Begin) -> None:
        session = None
        with self._stage.telling.store_errors():
            session = practice.begin()
        if session is None:
            await begin()
            return
        context = replace(self._stage.context, session=session, practice=None)
        await self._stage.screen.app.push_screen(self._screen_of(context), lambda _: begin())


class PracticeEnd(Finishing):
    """The end of practice, from which the session begins."""

    async def show(self) -> None:
        stage, result = self._stage, None
        assert isinstance(stage.session, PracticeSession)
        with stage.telling.store_errors():
            result = stage.session.result
        if result is not None:
            await stage.screen.app.push_screen(PracticeEndScreen(result), self._leave)

    async def _leave(self, chosen: str | None) -> None:
        screen = self._stage.screen
        if chosen == "begin":
            screen.dismiss(None)
        elif chosen == "quit":
            await screen.run_action("app.quit")
