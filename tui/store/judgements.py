"""Judgement events, and those that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from tui.errors import StoreError
from tui.store.judgement_records import JudgementRecord
from tui.store.schema.views import DECIDED, NEWEST_FIRST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.store.connection import Connection
    from tui.store.judgement_records import Mode
    from tui.store.records import ItemRecord, RubricRecord

_COLUMNS = ", ".join(JudgementRecord.__struct_fields__)


def _judged(*, repeated: bool) -> str:
    """Judgements of single answers. What was given first, and what was thought of it later, is one matter; a
    silent repeat is another."""
    return f"occasion {'=' if repeated else '<>'} 'repeat' AND other_response_id IS NULL"


# CROSS JOIN keeps SQLite from beginning with all that the grader ever judged.
_STANDING = ", ".join(f"in_force.{name}" for name in JudgementRecord.__struct_fields__)
_IN_FORCE = f"SELECT {_STANDING} FROM responses"
_IN_FORCE_OF = f"SELECT {_STANDING} FROM json_each(?) AS wanted"


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

    def of_prompt(
        self, task: str, prompt_hash: str, grader_id: str, *, repeated: bool = False
    ) -> list[JudgementRecord]:
        """One grader's judgements in force of the responses to a prompt, notes and flags among them; or
        their silent repeats."""
        where = "responses.task = ? AND responses.prompt_hash = ? AND in_force.grader_id = ?"
        join = "CROSS JOIN in_force ON in_force.response_id = responses.id"
        sql = f"{_IN_FORCE} {join} WHERE {where} AND {_judged(repeated=repeated)}"
        return list(self._read(sql, [task, prompt_hash, grader_id]))

    def of_responses(
        self, ids: Sequence[str], grader_id: str, *, repeated: bool = False
    ) -> list[JudgementRecord]:
        """The same of these responses."""
        join = "CROSS JOIN in_force ON in_force.response_id = wanted.value"
        sql = f"{_IN_FORCE_OF} {join} WHERE in_force.grader_id = ? AND {_judged(repeated=repeated)}"
        return list(self._read(sql, [msgspec.json.encode(ids).decode(), grader_id]))

    def is_judged_blind(self, response_id: str, grader_id: str) -> bool:
        """True if something that stands was judged of it in a session that was blind."""
        sql = "SELECT 1 FROM standing WHERE response_id = ? AND grader_id = ? AND blind LIMIT 1"
        return any(self._connection.query(sql, [response_id, grader_id]))

    def last_undoable(self, grader_id: str, mode: Mode, session_id: str = "") -> JudgementRecord | None:
        """The newest event that stands in a grader's sessions of that mode; or in one of them."""
        where, parameters = _events_of(grader_id, mode, session_id)
        sql = f"SELECT {_COLUMNS} FROM standing AS event WHERE {where} {NEWEST_FIRST} LIMIT 1"
        return next(self._read(sql, parameters), None)

    def last_redoable(self, grader_id: str, mode: Mode, session_id: str = "") -> JudgementRecord | None:
        """The event that the newest undo took back, unless something else was decided after it."""
        where, parameters = _events_of(grader_id, mode, session_id)
        sql = f"SELECT {_COLUMNS} FROM judgements AS event WHERE {where} {NEWEST_FIRST}"
        redone = 0
        for event in self._read(sql, parameters):
            if event.kind not in ("undo", "redo"):
                return None
            redone += 1 if event.kind == "redo" else -1
            if redone < 0:
                return self.get(event.names or "")
        return None

    def get(self, judgement_id: str) -> JudgementRecord | None:
        return next(self._read(f"SELECT {_COLUMNS} FROM judgements WHERE id = ?", [judgement_id]), None)

    def recent_seconds(self, session_id: str, count: int) -> list[float]:
        """The active seconds of the newest grades, preferences and skips of a session."""
        kinds = "kind IN ('grade', 'preference', 'skip')"
        sql = (
            f"SELECT active_seconds FROM judgements WHERE session_id = ? AND {kinds}"
            f" AND active_seconds IS NOT NULL {NEWEST_FIRST} LIMIT ?"
        )
        return [row["active_seconds"] for row in self._connection.query(sql, [session_id, count])]

    def events(self, response_id: str | None = None, grader_id: str | None = None) -> list[JudgementRecord]:
        """Everything graders did, undone or not, oldest first; on one response, by one grader."""
        wanted = {"response_id": response_id, "grader_id": grader_id}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = ?" for column in given) or "TRUE"
        sql = f"SELECT {_COLUMNS} FROM judgements WHERE {where} ORDER BY seq, id"
        return list(self._read(sql, list(given.values())))

    def _refuse_idle(self, judgement: JudgementRecord) -> None:
        """Refuse an undo of what does not stand, and a redo of what does."""
        stands = any(self._connection.query("SELECT 1 FROM standing WHERE id = ?", [judgement.names]))
        if stands == (judgement.kind == "redo"):
            raise StoreError(f"{self._connection.path}: there is nothing to {judgement.kind}.")

    def _read(self, sql: str, parameters: list[str]) -> Iterator[JudgementRecord]:
        rows = self._connection.query(sql, parameters)
        return self._connection.read(rows, JudgementRecord, "judgements")


def _events_of(grader_id: str, mode: Mode, session_id: str) -> tuple[str, list[str]]:
    """A condition on `event` and its parameters."""
    if session_id:
        return f"grader_id = ? AND session_id = ? AND {DECIDED}", [grader_id, session_id]
    of_mode = "EXISTS (SELECT 1 FROM sessions WHERE sessions.id = event.session_id AND mode = ?)"
    return f"grader_id = ? AND {of_mode} AND {DECIDED}", [grader_id, mode]
