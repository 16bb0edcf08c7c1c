"""One grader's judgements, each in the database before it is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.generation.provenance import app_version
from tui.grading.agreement import beside_reports
from tui.grading.decisions import Flag, Grade, Note, Seen
from tui.grading.ending import ending_of
from tui.grading.events import told
from tui.grading.judged import ItemState, Judged, judged
from tui.grading.occasions import Occasions
from tui.grading.self_naming import names_itself
from tui.store.ids import new_id, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.grading.agreement import Beside
    from tui.grading.decisions import Decision
    from tui.grading.ending import Ending
    from tui.grading.events import Event
    from tui.grading.overview import Progress
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementKind, LookedInto, Mode, Occasion, SessionRecord
    from tui.store.records import ResponseRecord

_SAME: Final = ("response_id", "other_response_id", "item_hash", "criterion", "occasion")
"""The fields in which an undo or redo is like the judgement that it names."""


class Judge:
    """One grader in their session, if that has begun. Undo goes back through earlier sittings: of the
    session, or, where grading goes as one likes, of all such sessions."""

    def __init__(self, store: Store, grader: str, session: SessionRecord | None = None) -> None:
        self.grader = grader
        self._store = store
        self._id = session.grader_id if session else ""
        self._session = session
        self._revealed = bool(session and session.blind and store.sessions.is_revealed(session.id))
        self.blind = bool(session and session.blind and not self._revealed)
        """True while the grader is not to know who wrote what."""
        self.seed = session.seed if session else None
        self._occasions = Occasions(store)
        self._mode: Mode = session.mode if session else "free"
        self.only_session = session.id if session else ""
        """The id of the session to which the grader keeps; empty where grading goes as one likes."""
        self._written: set[str] = set()
        """Hashes of the items that the database is known to have."""

    @property
    def id(self) -> str:
        """Empty for a grader who has judged nothing yet."""
        if not self._id and (known := self._store.graders.find(self.grader)):
            self._id = known.id
        return self._id

    def open_sessions(self) -> list[SessionRecord]:
        """This grader's sessions that are blind and not revealed, newest first."""
        return self._store.sessions.blind(self.id) if self.id else []

    def begin_blind(self, seed: int, session: SessionRecord | None = None) -> None:
        """Go on in this blind session, or in a new one; a reveal ends it."""
        self._session, self.blind = session, True
        self.seed = session.seed if session else seed

    @property
    def practises(self) -> bool:
        """True if what is judged is for practice only."""
        return self._mode == "practice"

    @property
    def has_begun(self) -> bool:
        return self._session is not None

    def reveal(self) -> None:
        """End the blinding of the session, if that has begun; where grading goes as one likes, end it, too.
        Raises StoreError, and then nothing is revealed."""
        if self._session is not None:
            self._store.sessions.reveal(self._session.id)
        self.end_blind()

    def end_blind(self) -> None:
        self.blind = False
        if self.only_session:
            self._revealed = True
        else:
            self._session = self.seed = None

    def begin(self) -> None:
        """Begin the session, if it has not. Raises StoreError."""
        with self._store.transaction():
            session = self._in_session()
        self._session, self._id = session, session.grader_id

    def look(self, into: LookedInto, progress: Progress | None) -> None:
        """Record a look at what came of it so far. Raises StoreError."""
        judged, planned = progress or (0, 0)
        with self._store.transaction():
            session = self._in_session()
            self._store.sessions.look(session.id, into, judged=judged, planned=planned)
        self._session, self._id = session, session.grader_id
        self._occasions.look_again()

    def events(self, subject: str, *, repeated: bool = False) -> tuple[Event, ...]:
        """All that the grader did with a response, or with a pair, oldest first; or did once more."""
        response_id, *_ = subject.split()
        events = self._store.judgements.events(response_id, self.id) if self.id else []
        return told(each for each in events if each.subject == subject and each.repeats == repeated)

    def state(self, item: Item, *, repeated: bool = False) -> ItemState:
        """What the database holds of an item: what was given, or given once more. Its cost grows with the
        responses to that item only."""
        listed = self._store.progress.of_prompt(*item.asked)
        of_item = self._store.judgements.of_prompt
        return ItemState.of(listed, of_item(*item.asked, self.id, repeated=repeated) if self.id else ())

    def judged(self, response_id: str, *, repeated: bool = False) -> Judged:
        of_it = self._store.judgements.of_responses
        events = of_it([response_id], self.id, repeated=repeated) if self.id else ()
        return judged(events).get(response_id, Judged())

    def criteria_judged(self, *, repeated: bool = False) -> dict[str, set[str]]:
        """By which criteria each response is judged, by its id. Reads all of the grader's judgements."""
        return self._store.progress.judged(self.id, repeated=repeated) if self.id else {}

    def newest(self) -> JudgementRecord | None:
        """The newest judgement of this grader that still stands."""
        return (
            self._store.judgements.last_undoable(self.id, self._mode, self.only_session) if self.id else None
        )

    def ending(self, progress: Progress | None) -> Ending | None:
        """What came of the session; None where grading goes as one likes, which has no end."""
        return ending_of(self._store, self.only_session, progress) if self.only_session else None

    def beside_reports(self) -> list[Beside]:
        return beside_reports(self._store, self.id) if self.id else []

    def recent_seconds(self, count: int) -> list[float]:
        """Active seconds of the newest decisions of the session."""
        return self._store.judgements.recent_seconds(self.only_session, count) if self.only_session else []

    def decide(
        self,
        response: ResponseRecord,
        item: Item,
        decision: Decision,
        seen: Seen | None = None,
        *,
        title: str = "",
        repeats: bool = False,
    ) -> JudgementRecord:
        """`title` is that of its model, by which an answer may name itself."""
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        is_new = record.hash not in self._written
        named = names_itself(response.text, (response.model, title))
        with self._store.transaction():
            session = self._in_session()
            said = said_by(decision, item) | viewed(seen or Seen())
            occasion = self._occasion(response, repeats=repeats)
            judgement = new_event(
                session,
                response_id=response.id,
                item_hash=record.hash,
                occasion=occasion,
                blind=self.blind,
                names_itself=named,
                **said,
            )
            self._store.judgements.add(
                judgement, item=record if is_new else None, rubric=rubric if is_new else None
            )
        self._session, self._id = session, session.grader_id
        self._written.add(record.hash)
        return judgement

    def _occasion(self, response: ResponseRecord, *, repeats: bool) -> Occasion:
        if self.practises:  # once it is told what an answer is given, that stays so
            return "first"
        session = self._session if self.blind else None  # another window may have revealed it
        revealed = self._revealed or bool(session and self._store.sessions.is_revealed(session.id))
        return self._occasions.of(response, self.id, repeats=repeats, blind=self.blind, revealed=revealed)

    def undo(self) -> JudgementRecord | None:
        """Take back the newest judgement that still stands, and return it."""
        return self._turn("undo", self.newest())

    def redo(self) -> JudgementRecord | None:
        """Bring back what the last undo took back, and return it."""
        if not self.id:
            return None
        return self._turn(
            "redo", self._store.judgements.last_redoable(self.id, self._mode, self.only_session)
        )

    def _turn(self, kind: JudgementKind, event: JudgementRecord | None) -> JudgementRecord | None:
        if event is None:
            return None
        with self._store.transaction():
            session = self._in_session()
            same = {name: getattr(event, name) for name in _SAME}
            self._store.judgements.add(
                new_event(session, kind=kind, names=event.id, blind=self.blind, **same)
            )
        self._session = session
        return event

    def _in_session(self) -> SessionRecord:
        """The session. Its first judgement begins it, so looking around leaves none. Inside a transaction."""
        return self._session or self._store.sessions.begin(
            self.grader, mode=self._mode, app_version=app_version(), blind=self.blind, seed=self.seed
        )


def new_event(session: SessionRecord, **fields: Any) -> JudgementRecord:
    return JudgementRecord(
        id=new_id(),
        session_id=session.id,
        practice=session.mode == "practice",
        grader_id=session.grader_id,
        decided_at=now(),
        app_version=app_version(),
        **fields,
    )


def said_by(decision: Decision, item: Item) -> dict[str, Any]:
    if isinstance(decision, Note | Flag):
        kind = "note" if isinstance(decision, Note) else "flag"
        return {"kind": kind, "criterion": None, "text": decision.text}
    said: dict[str, Any] = {"kind": "skip", "criterion": decision.criterion or item.rubric.criterion.name}
    if isinstance(decision, Grade):
        said |= {"kind": "grade", "level": decision.level.label, "value": decision.level.value}
    return said


def viewed(seen: Seen) -> dict[str, Any]:
    return {
        "place": seen.place,
        "shown_at": seen.at,
        "active_seconds": seen.seconds,
        "in_view": seen.in_view,
        "saw_expected": seen.saw_expected,
        "rows_unread": seen.rows_unread,
    }
