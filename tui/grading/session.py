"""A grading session: one grader's judgements, each in the database before it is returned."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.generation.provenance import app_version
from tui.store.ids import new_id, now
from tui.store.items import item_record, rubric_record
from tui.store.judgement_records import JudgementRecord

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Level
    from tui.store.database import Store
    from tui.store.judgement_records import JudgementKind, SessionRecord
    from tui.store.records import ResponseRecord


class Shown(NamedTuple):
    """When an answer came into view: by the world's clock, and by one that nobody sets."""

    at: str
    since: float

    @classmethod
    def now(cls) -> Shown:
        return cls(now(), monotonic())

    @property
    def seconds(self) -> float:
        return monotonic() - self.since


class GradingSession:
    """One grader from the start of the program to its end; undo reaches back to that start and no further."""

    def __init__(self, store: Store, grader: str) -> None:
        self.grader = grader
        self._store = store
        self._session: SessionRecord | None = None

    def grade(
        self,
        response: ResponseRecord,
        level: Level,
        item: Item,
        *,
        place: int | None = None,
        shown: Shown | None = None,
    ) -> JudgementRecord:
        given = {"level": level.label, "value": level.value}
        return self._add("grade", response, item, place=place, **given, **_measured(shown))

    def skip(
        self,
        response: ResponseRecord,
        item: Item,
        *,
        place: int | None = None,
        shown: Shown | None = None,
    ) -> JudgementRecord:
        return self._add("skip", response, item, place=place, **_measured(shown))

    def note(
        self, response: ResponseRecord, text: str, item: Item, *, place: int | None = None
    ) -> JudgementRecord:
        """In place of an earlier note, beside whatever grade there is."""
        return self._add("note", response, item, place=place, criterion=None, text=text)

    def undo(self) -> JudgementRecord | None:
        """Take back the newest judgement of this session that still stands, and return it."""
        last = self._store.judgements.last_undoable(self._session.id) if self._session else None
        if last is None:
            return None
        undo = JudgementRecord(
            id=new_id(),
            session_id=last.session_id,
            grader_id=last.grader_id,
            response_id=last.response_id,
            other_response_id=last.other_response_id,
            item_hash=last.item_hash,
            criterion=last.criterion,
            occasion=last.occasion,
            kind="undo",
            names=last.id,
            decided_at=now(),
            app_version=app_version(),
        )
        self._store.judgements.add(undo)
        return last

    def _add(
        self, kind: JudgementKind, response: ResponseRecord, item: Item, **given: Any
    ) -> JudgementRecord:
        rubric = rubric_record(item)
        record = item_record(item, rubric)
        with self._store.transaction():
            # With its first judgement, so that looking around leaves no session.
            session = self._session or self._store.sessions.begin(
                self.grader, mode="free", app_version=app_version()
            )
            judgement = JudgementRecord(
                id=new_id(),
                session_id=session.id,
                grader_id=session.grader_id,
                response_id=response.id,
                item_hash=record.hash,
                kind=kind,
                decided_at=now(),
                app_version=app_version(),
                **({"criterion": item.rubric.criterion.name} | given),
            )
            self._store.judgements.add(judgement, item=record, rubric=rubric)
        self._session = session
        return judgement


def _measured(shown: Shown | None) -> dict[str, Any]:
    return {"shown_at": shown.at, "active_seconds": shown.seconds} if shown else {}
