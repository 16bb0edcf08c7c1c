"""Commands that decide: grade, skip, flag, note, undo, redo."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from tui.app.pace import Pace
from tui.cli.plain import words
from tui.cli.plain.blinding import ways_on
from tui.cli.plain.reader import PAIR, say
from tui.errors import GraderError, StoreError
from tui.explain import explain
from tui.grading.decisions import Flag, Grade, Note, Seen, Skip
from tui.grading.letters import letter
from tui.grading.practice import PracticeSession
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.cli.plain.reader import Reader
    from tui.grading.queue import Target
    from tui.grading.sheet import Slot
    from tui.store.judgement_records import JudgementRecord

ALL_GRADED = "Everything is {verb}. u takes back, q leaves."
ON_TO_THE_SESSION = "A full stop . begins the session, u takes back, q leaves."
FAILED = "This answer failed: there is nothing to judge."
KEPT = "It keeps what it has."
NOTHING = "-"
"""The text that takes a note or a flag away."""
NOTHING_JUDGED = "There is no answer that was just graded."
TOO_FAST = "Too fast for a person: of a burst of keys only the first decides."
UNCHANGED = "Nothing was changed."


class NotSavedError(GraderError):
    """A decision that the database did not take."""


class Subject(NamedTuple):
    """An answer that a note or a flag is on; its item is named where that is another than the one read."""

    slot: Slot
    position: int
    item: str = ""

    @property
    def words(self) -> str:
        name = letter(self.position)
        if self.slot.compared:
            return f"{PAIR}, {self.item}" if self.item else PAIR
        return f"{safe_line(self.slot.name(name))}, {self.item}" if self.item else name


class Deciding:
    def __init__(self, reader: Reader, asked: Input) -> None:
        self._reader = reader
        self._session = reader.session
        self._input = asked
        self._pace = Pace(asked.least_seconds)
        self._last_position = 0

    def grade(self, index: int, _: Command) -> None:
        criterion = self._reader.criterion
        if criterion is None or index not in range(len(criterion.levels)):
            say(f"There are {len(criterion.levels) if criterion else 0} levels here.")
        else:
            self._decide(Grade(criterion.levels[index], criterion.name))

    def skip(self, _: Command) -> None:
        """Go on; an answer that has a grade keeps it."""
        criterion = self._reader.criterion
        if criterion is not None:
            self._decide(Skip(criterion.name))

    def flag(self, command: Command) -> None:
        slot = self._judgeable()
        if slot is not None:
            text = self._text(command, "Reason of the flag: ", slot.flag)
            self._write(Subject(slot, self._reader.position), "flag", None if text is None else Flag(text))

    def note(self, command: Command) -> None:
        slot = self._judgeable()
        if slot is not None:
            text = self._text(command, "Note: ", slot.note)
            self._write(Subject(slot, self._reader.position), "note", None if text is None else Note(text))

    def note_last(self, command: Command) -> None:
        """On the answer graded last, wherever one is by now."""
        last = self._session.last_judged()
        if last is None:
            say(NOTHING_JUDGED)
            return
        subject = Subject(last.slot, self._last_position, words.item_title(last.item))
        text = self._text(command, f"Note on {subject.words}: ", last.slot.note)
        self._write(subject, "note", None if text is None else Note(text))

    def undo(self, _: Command) -> None:
        self._turn(self._session.undo, "Took back", "There is nothing to take back.")

    def redo(self, _: Command) -> None:
        event = self._turn(self._session.redo, "Brought back", "There is nothing to bring back.")
        if event and event.kind in ("grade", "preference", "skip"):  # the next key is about the next answer
            slot = self._reader.slot
            self._go_on(self._session.next(after=slot.id if slot else None))

    def _decide(self, decision: Grade | Skip) -> None:
        slot = self._judgeable()
        if slot is None or not self._in_pace():
            return
        reader = self._reader
        with _saving():
            change = self._session.decide(slot.id, decision, reader.seen)
        reader.attention.decide()
        self._last_position = reader.position
        if change.judgement is None:
            say(KEPT)
        else:
            say(words.decision_words(decision, reader.subject, reader.criterion_name))
        if change.lesson is not None:
            say(*words.lesson_lines(change.lesson))
        self._go_on(change.next)

    def _go_on(self, target: Target | None) -> None:
        if target is None:
            say(*self._end())
        else:
            self._reader.follow(target)

    def _end(self) -> Iterator[str]:
        session = self._session
        if isinstance(session, PracticeSession):
            yield f"Practice: {session.result.words}. {ON_TO_THE_SESSION}"
            return
        yield ALL_GRADED.format(verb="judged" if session.compares else "graded")
        if (ending := session.ending()) and ending.known.words:
            yield ending.known.words
        yield from ways_on(session)

    def _text(self, command: Command, question: str, before: str) -> str | None:
        """Asked for, where the command has none; None where nothing is to change."""
        text = command.text
        if text is None:
            say(*([f"Now: {safe_line(before)} ({NOTHING} takes it away)"] if before else []))
            text = self._input.ask(question)
        text = "" if text == NOTHING else text or before
        return None if text == before else text

    def _write(self, subject: Subject, what: str, decision: Note | Flag | None) -> None:
        if decision is None:
            say(UNCHANGED)
            return
        with _saving():
            self._session.decide(subject.slot.id, decision, Seen(place=subject.position + 1))
        text = safe_line(decision.text)
        say(f"{subject.words}, {what}: {text}" if text else f"{subject.words}: the {what} is taken away.")

    def _turn(
        self, way: Callable[[], JudgementRecord | None], done: str, nothing: str
    ) -> JudgementRecord | None:
        if not self._in_pace():
            return None
        with _saving():
            event = way()
        if event is None:
            say(nothing)
            return None
        self._reader.attention.decide()
        found = self._session.find(event.subject, repeated=event.repeats)
        what = words.SKIPPED if event.kind == "skip" else event.given or f"the {event.kind}"
        say(f"{done}: {what}{'.' if found else ', of an answer that is not in this session.'}")
        if found is not None:
            self._reader.follow(found, event.criterion or "")
        return event

    def _judgeable(self) -> Slot | None:
        slot = self._reader.slot
        if slot is not None and not slot.judgeable:
            say(FAILED)
            return None
        return slot

    def _in_pace(self) -> bool:
        if self._pace.allows(monotonic()):
            return True
        if self._pace.is_news():
            say(TOO_FAST)
        return False


@contextmanager
def _saving() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise NotSavedError(f"Not saved: {explain(error)}") from error
