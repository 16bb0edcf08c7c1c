"""Keys that judge: grade, skip, undo, note, flag."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.app.input_order import OrderedInput
from tui.app.keys import GENERATING
from tui.app.pace import LEAST_SECONDS, Pace
from tui.app.screens.dialogs.note import NoteScreen
from tui.app.screens.dialogs.practice import LessonScreen
from tui.app.view.key_names import ids_of, key_name, level_keys
from tui.app.view.response_text import why_not
from tui.grading.decisions import Change, Flag, Grade, Note, Seen, Skip
from tui.grading.letters import letter
from tui.grading.queue import Target
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.app.screens.main.finishing import Finishing
    from tui.app.screens.main.stage import Stage
    from tui.catalogue.item import Item
    from tui.grading.decisions import Decision
    from tui.grading.sheet import Slot

NOTHING_JUDGED = "There is no answer that was just judged."
NOT_SAVED = "Not saved: it is not in the database"
TOO_FAST = "Too fast for a person: of a burst of keys only the first decides."
TOO_NEW = "This answer has only just come into view: read it, then press the key again."
NOT_IN_VIEW = "Nothing of this answer is in view"
OTHER_UNSEEN = "You have not seen the other answer of this pair yet: {key} goes there."


class Subject(NamedTuple):
    """An answer that a note or a flag is on, and the position of its pane."""

    slot: Slot
    item: Item
    position: int

    @property
    def words(self) -> str:
        task, prompt = self.item
        title = f"{task.title} {prompt.number} · {prompt.title}"
        name = "both answers" if self.slot.compared else self.slot.name(letter(self.position))
        return safe_line(f"{name} · {title}")


class Judging:
    """`grace_seconds` is the moment for which an answer must have been in view before a key can judge it."""

    def __init__(
        self,
        stage: Stage,
        finishing: Finishing,
        *,
        grace_seconds: float,
        least_seconds: float = LEAST_SECONDS,
    ) -> None:
        self.grace_seconds = grace_seconds
        self.pace = Pace(least_seconds)
        self._stage = stage
        self._finishing = finishing
        self._telling = stage.telling
        self._last_position = 0

    async def grade(self, index: int) -> None:
        levels = self._stage.levels
        slot = self._decidable()
        if slot is not None and index < len(levels):
            await self._decide(slot, Grade(levels[index], self._criterion))

    async def skip(self) -> None:
        """Go on; an answer that has a grade keeps it."""
        slot = self._decidable()
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
        self._app.attention.decide()
        with self._telling.store_errors():  # the event itself is saved
            shown = await self._stage.lead_to(event.subject, repeated=event.repeats)
            target = shown if isinstance(shown, Target) else None
            self._stage.choose_criterion_named(event.criterion)
            if way == "redo" and event.kind in (
                "grade",
                "preference",
                "skip",
            ):  # the next key is about the next answer
                after = self._stage.session.next(after=target.slot if target else None)
                await self._go_on(Change(event, after))
            self._telling.say(f"{done}: {_words(event.kind, event.given, target)}")

    async def note(self) -> None:
        await self._begin(Note)

    async def flag(self) -> None:
        await self._begin(Flag)

    async def _begin(self, text_of: type[Note | Flag]) -> None:
        slot, sheet = self._judgeable(self._stage.arrived), self._stage.sheet
        if slot is None or sheet is None:
            self._app.ignore_typing()
        else:
            await self._write(text_of, Subject(slot, sheet.item, self._stage.board.current))

    async def note_last(self) -> None:
        """A note on the answer judged last, wherever the person is by now."""
        last = None
        with self._telling.store_errors():
            last = self._stage.session.last_judged()
        if last is None:
            self._telling.say(NOTHING_JUDGED)
            self._app.ignore_typing()
        else:
            await self._write(Note, Subject(last.slot, last.item, self._last_position))

    async def take_unbound(self, key: str) -> bool:
        """The letters of the rubric; digits are bindings, and a binding of the person's comes first. False
        for a key that means nothing here."""
        app = self._stage.screen.app
        for index, keys in enumerate(level_keys(app, self._stage.levels)):
            if key in keys:
                await self.grade(index)
                return True
        ids = ids_of(app, key)
        if self._stage.slot is not None:
            self._say_why_not(ids)
        return bool(ids)

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
            self._app.attention.decide()
            self._last_position = self._stage.board.current
            await self._go_on(change)

    @property
    def _app(self) -> OrderedInput:
        app = self._stage.screen.app
        assert isinstance(app, OrderedInput)
        return app

    def _seen(self) -> Seen:
        """What the person has in view now."""
        board = self._stage.board
        judged = board.judged_together if self._stage.session.compares else [board.pane]
        moments = [pane.came_into_view for pane in judged if pane.came_into_view]
        seconds = map(self._app.attention.seconds_since, moments)
        return Seen(
            place=board.current + 1,
            at=max((moment.at for moment in moments), default=None),
            seconds=max(seconds, default=None),
            in_view=board.in_view,
            saw_expected=board.shows_expected,
            rows_unread=sum(pane.rows_unread for pane in judged),
        )

    async def _write(self, text_of: type[Note | Flag], subject: Subject, text: str | None = None) -> None:
        before = subject.slot.note if text_of is Note else subject.slot.flag
        screen = NoteScreen(before if text is None else text, subject.words, text_of.__name__)
        # Not in a worker, which starts later: the letters of the note would still be keys that grade.
        await self._app.push_screen(screen, partial(self._save, text_of, subject))

    async def _save(self, text_of: type[Note | Flag], subject: Subject, text: str | None) -> None:
        if text is None:
            return
        saved = False
        with self._telling.store_errors(NOT_SAVED):
            self._stage.session.decide(subject.slot.id, text_of(text), Seen(place=subject.position + 1))
            saved = True
            self._stage.draw_changes()
        if not saved:  # what was written stays on the screen
            await self._write(text_of, subject, text)

    def _say_why_not(self, ids: Sequence[str]) -> None:
        """Say why the actions bound to a key cannot be done now."""
        if any(id_ in ("skip", "note", "flag") for id_ in ids):
            self._judgeable(self._stage.arrived)
            if "note" in ids or "flag" in ids:
                self._app.ignore_typing()
        elif not self._stage.session.generates and any(id_.replace("-", "_") in GENERATING for id_ in ids):
            self._telling.say(
                "Stored answers are graded here; llm-grader without a command has some written."
            )
        elif any(id_.startswith("grade-") for id_ in ids):
            self._telling.say(f"There are {len(self._stage.levels)} levels here.")

    def _in_pace(self, arrived: float) -> bool:
        """True if a decision that arrived then is a person's; else say so."""
        if self.pace.allows(arrived, self._app.late):
            return True
        if self.pace.is_news():
            self._telling.refuse(TOO_FAST)
        return False

    def _decidable(self) -> Slot | None:
        """The current slot, if it can be judged now; of a pair both answers must have been in view."""
        slot = self._judgeable(self._stage.arrived)
        if slot is None or not slot.compared:
            return slot
        if all(pane.came_into_view for pane in self._stage.board.judged_together):
            return slot
        key = key_name(self._stage.screen.app, "next-pane")
        self._telling.refuse(OTHER_UNSEEN.format(key=key))
        return None

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
        if any(screen.has_class(alone) for alone in ("-narrow", "-one", "-solo", "-compare")):
            return f"{NOT_IN_VIEW}: make the terminal larger."
        return f"{NOT_IN_VIEW}: {key_name(screen.app, 'maximise')} shows it alone."

    async def _go_on(self, change: Change) -> None:
        """Go to the next answer without a grade: on this sheet, else on the next one; in practice after the
        lesson."""
        self._stage.draw_changes()
        if change.lesson is not None:
            learnt = change._replace(lesson=None)
            await self._app.push_screen(LessonScreen(change.lesson), lambda _: self._go_on(learnt))
        elif change.next is not None:
            await self._stage.follow(change.next)
        else:
            await self._finishing.show()

    @property
    def _criterion(self) -> str:
        criterion = self._stage.criterion
        return criterion.name if criterion else ""


def _words(kind: str, level: str | None, found: Target | None) -> str:
    words = "skipped" if kind == "skip" else level or f"the {kind}"
    return words if found is not None else f"{words}, of an answer that is not in this list"
