"""Two answers beside each other, alone on the screen, with what differs marked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.view.key_names import key_name
from tui.app.widgets.one_line import OneLine
from tui.app.written.differing import Differences, differences
from tui.grading.letters import letter

if TYPE_CHECKING:
    from tui.app.screens.main.pane import Pane
    from tui.app.screens.main.stage import Stage

ALONE = "-compare"
"""The class of the screen while it shows two."""
WHAT = {
    "words": "underlined words differ",
    "lines": "too long for words: underlined lines differ",
    "": "too long to be compared",
}


class Comparing:
    """The current pane and a second one. Keys are about the current pane, as ever."""

    def __init__(self, stage: Stage) -> None:
        self.together = False
        """True if keys scroll both."""
        self._stage = stage
        self._wanted: tuple[str, str] | None = None
        """The texts whose differences are marked, or will be in a moment."""
        self._found: Differences | None = None
        self._marked: tuple[Pane, ...] = ()

    @property
    def is_on(self) -> bool:
        return self._stage.screen.has_class(ALONE)

    def toggle(self) -> None:
        stage = self._stage
        if not self.is_on and stage.board.used < 2:
            stage.telling.say("There is one answer here: nothing to compare it with.")
            return
        stage.screen.remove_class("-solo")
        stage.screen.toggle_class(ALONE)
        stage.board.second = stage.board.current
        stage.board.move_second(0)
        self.draw()
        stage.screen.refresh_bindings()

    def move(self, step: int) -> None:
        """Compare with another answer."""
        self._stage.board.move_second(step)
        self.draw()

    def toggle_together(self) -> None:
        self.together = not self.together
        self.draw()

    @property
    def scrolled(self) -> list[Pane]:
        """The panes that a key scrolls."""
        board = self._stage.board
        second = [board.panes[board.second]] if self.is_on and self.together else []
        return [board.pane, *second]

    def draw(self) -> None:
        """Bring the marks up to date with what is shown."""
        if not self.is_on or self._stage.board.used < 2:
            self._unmark()
            self._stage.screen.remove_class(ALONE)
            return
        board = self._stage.board
        panes = board.panes[board.current], board.panes[board.second]
        texts = tuple(pane.finished_text for pane in panes)
        if panes != self._marked or texts != self._wanted:
            self._unmark()
            self._marked, self._wanted = panes, (texts[0], texts[1])
            if all(texts):
                work = self._mark(panes, *texts)
                self._stage.screen.run_worker(work, group="compare", exclusive=True, exit_on_error=False)
        self._say()

    async def _mark(self, panes: tuple[Pane, ...], one: str, other: str) -> None:
        # In a thread: of two long texts it may take a second.
        found = await asyncio.to_thread(differences, one, other)
        if self._marked == panes and self._wanted == (one, other):
            self._found = found
            for pane, marks in zip(panes, found[:2], strict=True):
                pane.mark(marks)
            self._say()

    def _unmark(self) -> None:
        for pane in self._marked:
            pane.mark(None)
        self._marked, self._wanted, self._found = (), None, None

    def _say(self) -> None:
        board, app = self._stage.board, self._stage.screen.app
        if self._found:
            what = WHAT[self._found.by]
        else:
            what = "…" if all(self._wanted or ()) else "no two answers to compare yet"
        both = "both scroll" if self.together else "scroll both"
        parts = [
            f"{letter(board.current)} and {letter(board.second)}: {what}",
            f"{key_name(app, 'scroll-together')}: {both}",
            f"{key_name(app, 'next-pane')}: another",
            f"{key_name(app, 'compare')}: back",
        ]
        self._stage.screen.query_one("#comparing", OneLine).show(Content(" · ".join(parts)))
