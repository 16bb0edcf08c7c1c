"""Keys that judge: grade, skip, undo, note."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from tui.app.input_order import OrderedInput
from tui.app.pace import LEAST_SECONDS, Pace
from tui.app.screens.dialogs.note import NoteScreen
from tui.app.view.key_names import ids_of, key_name, level_keys
from tui.app.view.response_text import why_not
from tui.grading.decisions import Grade, Note, Seen, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from tui.app.screens.main.stage import Stage
    from tui.grading.attention import Attention
    from tui.grading.decisions import Change, Decision
    from tui.grading.queue import Target
    from tui.grading.sheet import Slot

NOT_SAVED = "Not saved: it is not in the database"
TOO_FAST = "Too fast for a person: of a burst of keys only the first decides."
TOO_NEW = "This answer has only just come into view: read it, then press the key again."
NOT_IN_VIEW = "Nothing of this answer is in view"


class Judging:
    """`grace_seconds` is the moment for which an answer must have been in view before a key can judge it."""

    def __init__(self, stage: Stage, *, grace_seconds: float, least_seconds: float = LEAST_SECONDS) -> None:
        self.grace_seconds = grace_seconds
        self.pace = Pace(least_seconds)
        self._stage = stage
        self._telling = stage.telling

    async def grade(self, index: int) -> None:
        levels = self._stage.levels
        slot = self._judgeable(self._stage.arrived)
        if slot is not None and index < len(levels):
            await self._decide(slot, Grade(levels[index], self._criterion))

    async def skip(self) -> None:
        """Go on; an answer that has a grade keeps it."""
        slot = self._judgeable(self._stage.arrived)
        if slot is not None:
            await self._decide(slot, Skip(self._criterion))

    async def undo(self) -> None:
        await self._turn("undo", "Took back")

    async def redo(self) -> None:
        await self._turn("redo", "Brought back")

    async def _turn(self, way: Literal["undo", "redo"], done: str) -> None:
        if not self._in_pace(self._stage.arrived):
            return
        event = None
        with self._telling.store_errors(NOT_SAVED):
            session = self._stage.session
            event = session.undo() if way == "undo" else session.redo()
            if event is None:
                self._telling.say(f"There is nothing to {way}.")
        if event is None:
            return
        self._attention.decide()
        with self._telling.store_errors():  # the event itself is saved
            found = self._stage.session.find(event.response_id)
            await self._show(found)
            self._telling.say(f"{done}: {_words(event.kind, event.level, found)}")

    async def note(self) -> None:
        slot = self._judgeable(self._stage.arrived)
        if slot is not None:
            # Not in a worker, which starts later: the letters of the note would still be keys that grade.
            await self._stage.screen.app.push_screen(NoteScreen(slot.note), partial(self._save_note, slot))

    async def take_unbound(self, event: events.Key) -> None:
        """The letters of the rubric; digits are bindings, and a binding of the person's comes first."""
        app = self._stage.screen.app
        for index, keys in enumerate(level_keys(app, self._stage.levels)):
            if event.key in keys:
                await self.grade(index)
                return
        if self._stage.slot is not None:
            self._say_why_not(ids_of(app, event.key))

    @property
    def readable(self) -> bool:
        """True once the person has had a moment to see the answer that a key would judge."""
        slot = self._stage.slot
        return slot is not None and self._readable_at(slot, self._stage.arrived)

    def _readable_at(self, slot: Slot, arrived: float) -> bool:
        return arrived - self.grace_seconds >= self._stage.pane.read_since(slot)

    async def _decide(self, slot: Slot, decision: Decision) -> None:
        with self._telling.store_errors(NOT_SAVED):
            change = self._stage.session.decide(slot.id, decision, self._seen())
            self._attention.decide()
            await self._go_on(change)

    @property
    def _attention(self) -> Attention:
        app = self._stage.screen.app
        assert isinstance(app, OrderedInput)
        return app.attention

    def _seen(self) -> Seen:
        """What the person has in view now."""
        board = self._stage.board
        moment = board.pane.came_into_view
        return Seen(
            place=board.current + 1,
            at=moment.at if moment else None,
            seconds=self._attention.seconds_since(moment) if moment else None,
        )

    def _save_note(self, slot: Slot, text: str | None) -> None:
        if text is None:
            return
        saved = False
        with self._telling.store_errors(NOT_SAVED):
            self._stage.session.decide(slot.id, Note(text), Seen(place=self._stage.board.current + 1))
            saved = True
            self._stage.draw_changes()
        if not saved:  # what was written stays on the screen
            self._stage.screen.app.push_screen(NoteScreen(text), partial(self._save_note, slot))

    def _say_why_not(self, ids: Sequence[str]) -> None:
        """Say why the actions bound to a key cannot be done now."""
        if any(id_ in ("skip", "note") for id_ in ids):
            self._judgeable(self._stage.arrived)
        elif any(id_.startswith("grade-") for id_ in ids):
            self._telling.say(f"There are {len(self._stage.levels)} levels here.")

    def _in_pace(self, arrived: float) -> bool:
        """True if a decision that arrived then is a person's; else say so."""
        app = self._stage.screen.app
        assert isinstance(app, OrderedInput)
        if self.pace.allows(arrived, app.late):
            return True
        if self.pace.is_news():
            self._telling.refuse(TOO_FAST)
        return False

    def _judgeable(self, arrived: float) -> Slot | None:
        """The current slot if what arrived then can judge it; says why not."""
        slot = self._stage.slot
        if slot is None or not self._in_pace(arrived):
            return None
        if self._stage.in_list:
            back = key_name(self._stage.screen.app, "next-pane")
            self._telling.say(f"Choose a prompt with Enter, or go back to the answers with {back}.")
        elif not slot.judgeable:
            self._telling.say(why_not(slot))
        elif not self._stage.pane.rows_in_view:
            self._telling.refuse(self._out_of_view())
        elif not self._readable_at(slot, arrived):
            self._telling.refuse(TOO_NEW)
        else:
            return slot
        return None

    def _out_of_view(self) -> str:
        """Why an answer of which nothing is in view cannot be judged, and what to do."""
        screen = self._stage.screen
        if any(screen.has_class(alone) for alone in ("-narrow", "-one", "-solo")):
            return f"{NOT_IN_VIEW}: make the terminal larger."
        return f"{NOT_IN_VIEW}: {key_name(screen.app, 'maximise')} shows it alone."

    async def _go_on(self, change: Change) -> None:
        """Go to the next answer without a grade: on this sheet, else on the next one."""
        self._stage.draw_changes()
        if change.next is not None:
            await self._stage.follow(change.next)
        else:
            self._telling.say("Everything is graded.")

    async def _show(self, found: Target | None) -> None:
        stage = self._stage
        stage.listing.forget({found.place} if found and found.place is not None else None)
        stage.draw_changes()
        if found is not None:
            await stage.follow(found)

    @property
    def _criterion(self) -> str:
        criterion = self._stage.criterion
        return criterion.name if criterion else ""


def _words(kind: str, level: str | None, found: Target | None) -> str:
    words = "skipped" if kind == "skip" else level or f"the {kind}"
    return words if found is not None else f"{words}, of an answer that is not in this list"
