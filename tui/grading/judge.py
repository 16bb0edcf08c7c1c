"""One grader's judgements, each in the database before it is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tui.generation.provenance import app_version
from tui.grading.decisions import Grade, Note, Seen
from tui.grading.sheet import Given
from tui.store.ids import new_id, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.grading.decisions import Decision
    from tui.store.database import Store
    from tui.store.judgement_records import Mode, SessionRecord
    from tui.store.records import ResponseRecord

_MODE: Mode = "free"


class Judged(NamedTuple):
    """A grader's judgement and note of a response, as far as there are any."""

    given: Given | None = None
    note: str = ""


class Judge:
    """One grader, from the start of the program to its end. Undo goes back through earlier sittings."""

    def __init__(self, store: Store, grader: str) -> None:
        self.grader = grader
        self._store = store
        self._id = ""
        self._session: SessionRecord | None = None
        self._written: set[str] = set()
        """Hashes of the items that the database is known to have."""

    @property
    def id(self) -> str:
        """Empty for a grader who has judged nothing yet."""
        if not self._id and (known := self._store.graders.find(self.grader)):
            self._id = known.id
        return self._id

    def judged(self, response_id: str, item: Item) -> Judged:
        if not self.id:
            return Judged()
        criterion = item.rubric.criterion.name
        grade = self._store.judgements.current(response_id, self.id, criterion=criterion)
        note = self._store.judgements.note(response_id, self.id)
        return Judged(Given.by(grade) if grade else None, (note.text or "") if note else "")

    def decide(
        self, response: ResponseRecord, item: Item, decision: Decision, seen: Seen | None = None
    ) -> JudgementRecord:
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        is_new = record.hash not in self._written
        with self._store.transaction():
            session = self._in_session()
            said = _said(decision, item) | _viewed(seen or Seen())
            judgement = _event(session, response_id=response.id, item_hash=record.hash, **said)
            self._store.judgements.add(
                judgement, item=record if is_new else None, rubric=rubric if is_new else None
            )
        self._session, self._id = session, session.grader_id
        self._written.add(record.hash)
        return judgement

    def undo(self) -> JudgementRecord | None:
        """Take back the newest judgement of this grader that still stands, and return it."""
        last = self._store.judgements.last_undoable(self.id, _MODE) if self.id else None
        if last is None:
            return None
        with self._store.transaction():
            session = self._in_session()
            undo = _event(
                session,
                response_id=last.response_id,
                other_response_id=last.other_response_id,
                item_hash=last.item_hash,
                criterion=last.criterion,
                occasion=last.occasion,
                kind="undo",
                names=last.id,
            )
            self._store.judgements.add(undo)
        self._session = session
        return last

    def _in_session(self) -> SessionRecord:
        """The session. Its first judgement begins it, so looking around leaves none. Inside a transaction."""
        return self._session or self._store.sessions.begin(self.grader, mode=_MODE, app_version=app_version())


def _event(session: SessionRecord, **fields: Any) -> JudgementRecord:
    return JudgementRecord(
        id=new_id(),
        session_id=session.id,
        grader_id=session.grader_id,
        decided_at=now(),
        app_version=app_version(),
        **fields,
    )


def _said(decision: Decision, item: Item) -> dict[str, Any]:
    if isinstance(decision, Note):
        return {"kind": "note", "criterion": None, "text": decision.text}
    said: dict[str, Any] = {"kind": "skip", "criterion": item.rubric.criterion.name}
    if isinstance(decision, Grade):
        said |= {"kind": "grade", "level": decision.level.label, "value": decision.level.value}
    return said


def _viewed(seen: Seen) -> dict[str, Any]:
    return {
        "place": seen.place,
        "shown_at": seen.at,
        "active_seconds": seen.seconds,
        "in_view": seen.in_view,
        "saw_expected": seen.saw_expected,
        "rows_unread": seen.rows_unread,
    }
