"""Judgement events, and those that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.errors import StoreError
from tui.store.judgement_records import OVERALL, JudgementRecord
from tui.store.schema.views import NEWEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.connection import Connection
    from tui.store.judgement_records import Mode, Occasion
    from tui.store.records import ItemRecord, RubricRecord

_COLUMNS = ", ".join(JudgementRecord.__struct_fields__)


class Judgements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        judgement: JudgementRecord,
        *,
        item: ItemRecord | None = None,
        rubric: RubricRecord | None = None,
    ) -> None:
        """Store an event and, where they are new, the item as shown and its rubric. On disk on return."""
        with self._connection.transaction():
            if judgement.kind in ("undo", "redo"):
                self._refuse_idle(judgement)
            for table, record in (("rubrics", rubric), ("items", item)):
                if record is not None:
                    self._connection.insert(table, asdict(record), keep_existing=True)
            self._connection.insert("judgements", asdict(judgement))

    def current(
        self, response_id: str, grader_id: str, *, criterion: str = OVERALL, occasion: Occasion = "first"
    ) -> JudgementRecord | None:
        """The grade or skip in force."""
        return self._newest(
            "response_id = ? AND grader_id = ? AND criterion = ? AND occasion = ?"
            " AND other_response_id IS NULL AND kind IN ('grade', 'skip')",
            [response_id, grader_id, criterion, occasion],
        )

    def note(
        self, response_id: str, grader_id: str, *, occasion: Occasion = "first"
    ) -> JudgementRecord | None:
        """The note in force."""
        return self._newest(
            "response_id = ? AND grader_id = ? AND occasion = ?"
            " AND other_response_id IS NULL AND kind = 'note'",
            [response_id, grader_id, occasion],
        )

    def last_undoable(self, grader_id: str, mode: Mode) -> JudgementRecord | None:
        """The newest event that stands in a grader's sessions of that mode."""
        of_mode = "EXISTS (SELECT 1 FROM sessions WHERE sessions.id = standing.session_id AND mode = ?)"
        return self._newest(f"grader_id = ? AND {of_mode}", [grader_id, mode])

    def events(self, response_id: str | None = None, grader_id: str | None = None) -> list[JudgementRecord]:
        """Everything graders did, undone or not, oldest first; on one response, by one grader."""
        wanted = {"response_id": response_id, "grader_id": grader_id}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = ?" for column in given) or "TRUE"
        sql = f"SELECT {_COLUMNS} FROM judgements WHERE {where} ORDER BY seq, id"
        return list(self._read(sql, list(given.values())))

    def _newest(self, where: str, parameters: list[str]) -> JudgementRecord | None:
        sql = f"SELECT {_COLUMNS} FROM standing WHERE {where} {NEWEST_FIRST} LIMIT 1"
        return next(self._read(sql, parameters), None)

    def _refuse_idle(self, judgement: JudgementRecord) -> None:
        """Refuse an undo of what does not stand, and a redo of what does."""
        stands = any(self._connection.query("SELECT 1 FROM standing WHERE id = ?", [judgement.names]))
        if stands == (judgement.kind == "redo"):
            raise StoreError(f"{self._connection.path}: there is nothing to {judgement.kind}.")

    def _read(self, sql: str, parameters: list[str]) -> Iterator[JudgementRecord]:
        rows = self._connection.query(sql, parameters)
        return self._connection.read(rows, JudgementRecord, "judgements")
