"""Practice: answers on which a grader learns what earns each level, before a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from tui.catalogue.item import items_of
from tui.generation.provenance import app_version
from tui.grading.as_given import AsGiven, lesson
from tui.grading.decisions import Flag, Note
from tui.grading.judge import Judge
from tui.grading.planned import Planned
from tui.grading.selection import ToJudge
from tui.grading.session import Session
from tui.grading.stored_answers import StoredAnswers

if TYPE_CHECKING:
    from tui.grading.agreement import Beside
    from tui.grading.decisions import Change, Decision, Seen
    from tui.store.database import Store
    from tui.store.judgement_records import SessionRecord
    from tui.store.progress import Listed

PRACTISE: Final = "--practice"
"""The option that asks for it."""
When = Literal["first", "offered", "never"]


class PracticeSession(Session):
    """A session over practice answers, in which a decision is told what the answer is given. Nothing of it
    counts, and there is no model to hide."""

    practises = True

    def decide(self, slot: int, decision: Decision, seen: Seen | None = None) -> Change:
        samples = self._of(slot)
        assert samples.response is not None
        given = self._store.known_answers.of([samples.response.id])
        change = super().decide(slot, decision, seen)
        judged = self._judged[samples.response.id]
        if isinstance(decision, Note | Flag) or not judged.is_whole(samples.item.rubric):
            return change
        return change._replace(lesson=lesson(given, judged))

    def agreement(self) -> list[Beside]:
        """None: those of other sessions may be hidden."""
        return []

    @property
    def result(self) -> AsGiven:
        """Of its tasks, in whatever sitting. Raises StoreError."""
        names = {item.task.name for item in self.items}
        graded = self._store.known_answers.graded(self._judge.id, "practice")
        return AsGiven.of(each for each in graded if each.task in names)


class Practice:
    """The practice answers of a session's tasks that its grader has not judged yet. Stores them where they
    are new."""

    def __init__(self, store: Store, grader: str, session: Session, *, wanted: bool = False) -> None:
        """`wanted` is whether the grader asked for it. Raises StoreError."""
        self._store = store
        self._grader = grader
        self._grader_id = found.id if (found := store.graders.find(grader)) else ""
        self._tasks = {item.task.name: item.task for item in session.items}
        items = [item for task in self._tasks.values() for item in items_of(task) if item.prompt.practice]
        self._items = {item.asked: item for item in items}
        known = store.known_answers.put(items) if items else []
        self._answers = [each.listed for each in known if each.role == "practice"]
        self._left = self._not_judged()
        self._session: PracticeSession | None = None
        progress = session.progress()
        self._is_fresh = progress is not None and not progress.judged
        self._wanted = wanted or any(self._items[each.asked].task.practice_first for each in self._left)

    @property
    def are_there(self) -> bool:
        """True if the tasks have any, judged or not."""
        return bool(self._answers)

    @property
    def count(self) -> int:
        """How many are left."""
        return len(self._left)

    @property
    def when(self) -> When:
        """First where the grader or a task asks for it. It is offered once to a grader, where
        nothing of the session is judged, and never again."""
        if not self._left:
            return "never"
        if self._wanted:
            return "first"
        is_new = self._is_fresh and not self._store.sessions.has_begun(self._grader_id, "practice")
        return "offered" if is_new else "never"

    @property
    def is_unfinished(self) -> bool:
        """True if it was begun in this sitting and not done."""
        progress = self._session.progress() if self._session else None
        return progress is not None and progress.judged < progress.total

    def note_offer(self) -> None:
        """Record that it was offered: a session that has no judgement yet."""
        self._record()

    def begin(self) -> PracticeSession:
        """A session with an answer on each sheet, which goes on where the last one was left."""
        record = self._record()
        here = self._store.progress.judged_in(record.id)
        left = {each.id for each in self._left}
        sheets = [
            Planned(self._items[each.asked], {each.key: (each.id,)})
            for each in self._answers
            if each.id in here or each.id in left
        ]
        judge = Judge(self._store, self._grader, record)
        answers = StoredAnswers(self._store, sheets, judge)
        self._session = PracticeSession(answers, store=self._store, judge=judge)
        return self._session

    def _not_judged(self) -> list[Listed]:
        judged = self._store.progress.judged(self._grader_id) if self._answers and self._grader_id else {}
        return [
            each
            for each in self._answers
            if not self._items[each.asked].criteria <= judged.get(each.id, set())
        ]

    def _record(self) -> SessionRecord:
        sessions, selection = self._store.sessions, ToJudge(tasks=tuple(self._tasks)).json
        return sessions.newest(self._grader_id, "practice", selection, blind=False) or sessions.begin(
            self._grader, mode="practice", selection=selection, app_version=app_version()
        )
