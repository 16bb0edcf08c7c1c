"""A grading session: one grader's judgements, each in the database before it is returned."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from tui.catalogue.task import rubric_hash
from tui.evaluation.provenance import app_version
from tui.store.ids import new_id, now
from tui.store.records import GradeRecord, RubricRecord

if TYPE_CHECKING:
    from tui.catalogue.task import Level
    from tui.store.database import Store
    from tui.store.records import GradeKind, ResponseRecord

Rubric = tuple["Level", ...]


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
        self._given: list[GradeRecord] = []

    def grade(
        self,
        response: ResponseRecord,
        level: Level,
        rubric: Rubric,
        *,
        position: int | None = None,
        shown_at: Shown | None = None,
    ) -> GradeRecord:
        """A note written before stays with the new grade."""
        return self._add(
            response,
            "grade",
            level.label,
            level.value,
            self._note(response),
            rubric,
            position,
            *_measured(shown_at),
        )

    def skip(
        self,
        response: ResponseRecord,
        rubric: Rubric,
        *,
        position: int | None = None,
        shown_at: Shown | None = None,
    ) -> GradeRecord:
        return self._add(
            response, "skip", None, None, self._note(response), rubric, position, *_measured(shown_at)
        )

    def note(
        self, response: ResponseRecord, text: str, rubric: Rubric, *, position: int | None = None
    ) -> GradeRecord:
        """The judgement in force with this note instead of its own; with no judgement yet, the note alone."""
        current = self._store.current_grade(response.id, self.grader)
        if current is None:
            return self._add(response, "grade", None, None, text, rubric, position)
        return self._add(
            response,
            current.kind,
            current.label,
            current.value,
            text,
            rubric,
            position,
            current.shown_at,
            current.grading_seconds,
        )

    def undo(self) -> GradeRecord | None:
        """Take back the newest judgement of this session that still stands, and return it."""
        if not self._given:
            return None
        last = self._given[-1]
        self._store.add_grade(
            GradeRecord(
                id=new_id(),
                response_id=last.response_id,
                grader=self.grader,
                kind="undo",
                undoes=last.id,
                graded_at=now(),
                app_version=app_version(),
            ),
            None,
        )
        return self._given.pop()

    def _note(self, response: ResponseRecord) -> str:
        current = self._store.current_grade(response.id, self.grader)
        return current.note if current else ""

    def _add(
        self,
        response: ResponseRecord,
        kind: GradeKind,
        label: str | None,
        value: float | None,
        note: str,
        rubric: Rubric,
        position: int | None,
        shown_at: str | None = None,
        grading_seconds: float | None = None,
    ) -> GradeRecord:
        grade = GradeRecord(
            id=new_id(),
            response_id=response.id,
            grader=self.grader,
            kind=kind,
            label=label,
            value=value,
            note=note,
            rubric_hash=rubric_hash(rubric),
            position=position,
            shown_at=shown_at,
            graded_at=now(),
            grading_seconds=grading_seconds,
            app_version=app_version(),
        )
        self._store.add_grade(
            grade, RubricRecord(hash=grade.rubric_hash, levels=msgspec.json.encode(rubric).decode())
        )
        self._given.append(grade)
        return grade


def _measured(shown: Shown | None) -> tuple[str | None, float | None]:
    return (shown.at, shown.seconds) if shown else (None, None)
