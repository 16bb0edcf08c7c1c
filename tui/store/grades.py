"""Grade events and the judgements they leave in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.connection import Connection, Row
from tui.store.old_schema import LAST_SEQ
from tui.store.records import GradeRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.records import RubricRecord

_COLUMNS = ", ".join(f"grades.{name}" for name in GradeRecord.__struct_fields__)


def standing(alias: str) -> str:
    """SQL that is true of a grade or skip that no undo takes back, in the table of grades called `alias`."""
    taken_back = f"EXISTS (SELECT 1 FROM grades AS u WHERE u.undoes = {alias}.id)"
    return f"{alias}.kind <> 'undo' AND {alias}.seq < {LAST_SEQ} AND NOT {taken_back}"


NEWEST_FIRST = "ORDER BY seq DESC, id DESC LIMIT 1"

IN_FORCE = (
    f"grades.id = (SELECT id FROM grades AS newest WHERE newest.response_id = grades.response_id"
    f" AND newest.grader = grades.grader AND {standing('newest')} {NEWEST_FIRST})"
)


class Grades(Connection):
    def add_grade(self, grade: GradeRecord, rubric: RubricRecord | None = None) -> None:
        """Store a grade event and, where it is new, its rubric. On disk on return."""
        row = asdict(grade) | {"blind": int(grade.blind), "rubric_hash": grade.rubric_hash or None}
        with self.transaction():
            if rubric:
                self._insert("rubrics", asdict(rubric), keep_existing=True)
            self._insert("grades", row, arrives=True)

    def current_grade(self, response_id: str, grader: str) -> GradeRecord | None:
        """The judgement in force: the newest grade or skip that no undo takes back."""
        return self.current_grades([response_id], grader).get(response_id)

    def current_grades(self, response_ids: Iterable[str], grader: str) -> dict[str, GradeRecord]:
        """The judgement in force by response id; a response that the grader has not judged is missing."""
        sql = f"SELECT {_COLUMNS} FROM grades WHERE response_id = ? AND grader = ? AND {IN_FORCE}"
        found = (grade for id_ in response_ids for grade in self._grades(sql, [id_, grader]))
        return {grade.response_id: grade for grade in found}

    def judgements(self) -> list[GradeRecord]:
        """The judgement in force of every grader on every response, oldest first."""
        return list(self._grades(f"SELECT {_COLUMNS} FROM grades WHERE {IN_FORCE} ORDER BY seq, id", []))

    def grade_events(self, response_id: str | None = None, grader: str | None = None) -> list[GradeRecord]:
        """Everything graders did, undone or not, oldest first; on one response, by one grader."""
        wanted = {"response_id": response_id, "grader": grader}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = ?" for column in given) or "TRUE"
        sql = f"SELECT {_COLUMNS} FROM grades WHERE {where} ORDER BY seq, id"
        return list(self._grades(sql, list(given.values())))

    def last_undoable(self, grader: str, since: str | None = None) -> GradeRecord | None:
        """The grader's newest grade or skip that stands; `since` is a time, for undo within one sitting."""
        sql = (
            f"SELECT {_COLUMNS} FROM grades WHERE grader = ? AND graded_at >= ? AND {standing('grades')}"
            f" {NEWEST_FIRST}"
        )
        return next(self._grades(sql, [grader, since or ""]), None)

    def _grades(self, sql: str, parameters: list[str]) -> Iterator[GradeRecord]:
        return self.read(map(_as_record, self.query(sql, parameters)), GradeRecord, "grades")


def _as_record(row: Row) -> Row:
    return row | {"blind": bool(row["blind"]), "rubric_hash": row["rubric_hash"] or ""}
