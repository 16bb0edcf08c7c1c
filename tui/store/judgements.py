"""Judgement events, and those that stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import asdict

from tui.errors import StoreError
from tui.store.graders import same_graders
from tui.store.judgement_records import JudgementRecord
from tui.store.schema.views import DECIDED, NEWEST_FIRST, same_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.store.connection import Connection
    from tui.store.judgement_records import Mode
    from tui.store.records import ItemRecord, RubricRecord

_COLUMNS = ", ".join(JudgementRecord.__struct_fields__)
_OF_MODE = "EXISTS (SELECT 1 FROM sessions WHERE sessions.id = event.session_id AND mode = ?)"


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
        where = "responses.task = ? AND responses.prompt_hash = ?"
        where = f"{where} AND in_force.grader_id IN {same_as('?')}"
        join = "CROSS JOIN in_force ON in_force.response_id = responses.id"
        sql = f"{_IN_FORCE} {join} WHERE {where} AND {_judged(repeated=repeated)}"
        return list(self._read(sql, [task, prompt_hash, grader_id]))

    def of_responses(
        self, ids: Sequence[str], grader_id: str, *, repeated: bool = False
    ) -> list[JudgementRecord]:
        """The same of these responses."""
        join = "CROSS JOIN in_force ON in_force.response_id = wanted.value"
        where = f"in_force.grader_id IN {same_as('?')} AND {_judged(repeated=repeated)}"
        sql = f"{_IN_FORCE_OF} {join} WHERE {where}"
        return list(self._read(sql, [msgspec.json.encode(ids).decode(), grader_id]))

    def is_judged_blind(self, response_id: str, grader_id: str) -> bool:
        """True if something that stands was judged of it, or of a pair that it is in, in a session that was
        blind; or of it alone after a reveal."""
        late = "(occasion = 'after_reveal' AND other_response_id IS NULL)"
        return self._is_there("standing", f"(blind OR {late})", response_id, grader_id)

    def is_author_shown(self, response_id: str, grader_id: str) -> bool:
        """True if this grader did anything with it, or with a pair that it is in, while its author was in
        view, or in a session that was revealed since."""
        revealed = "EXISTS (SELECT 1 FROM reveals WHERE reveals.session_id = event.session_id)"
        where = f"NOT practice AND {DECIDED} AND (NOT blind OR {revealed})"
        return self._is_there("judgements", where, response_id, grader_id)

    def last_undoable(self, grader_id: str, mode: Mode, session_id: str = "") -> JudgementRecord | None:
        """The newest event that stands in a grader's sessions of that mode; or in one of them."""
        return next(self._newest_first("standing", grader_id, mode, session_id), None)

    def last_redoable(self, grader_id: str, mode: Mode, session_id: str = "") -> JudgementRecord | None:
        """The event that the newest undo took back, unless something else was decided after it."""
        for event in self._newest_first("judgements", grader_id, mode, session_id):
            if event.names is None:
                return None
            if not self._stands(event.names):
                return self.get(event.names)
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
        wanted = {"response_id = ?": response_id, f"grader_id IN {same_as('?')}": grader_id}
        given = {where: value for where, value in wanted.items() if value is not None}
        sql = f"SELECT {_COLUMNS} FROM judgements WHERE {' AND '.join(given) or 'TRUE'} ORDER BY seq, id"
        return list(self._read(sql, list(given.values())))

    def _refuse_idle(self, judgement: JudgementRecord) -> None:
        """Refuse an undo of what does not stand, and a redo of what does."""
        if self._stands(judgement.names) == (judgement.kind == "redo"):
            raise StoreError(f"{self._connection.path}: there is nothing to {judgement.kind}.")

    def _is_there(self, source: str, where: str, response_id: str, grader_id: str) -> bool:
        is_of_it = f"(response_id = ? OR other_response_id = ?) AND grader_id IN {same_as('?')}"
        sql = f"SELECT 1 FROM {source} AS event WHERE {is_of_it} AND {where} LIMIT 1"
        return any(self._connection.query(sql, [response_id, response_id, grader_id]))

    def _stands(self, judgement_id: str | None) -> bool:
        return any(self._connection.query("SELECT 1 FROM standing WHERE id = ?", [judgement_id]))

    def _newest_first(
        self, source: str, grader_id: str, mode: Mode, session_id: str
    ) -> Iterator[JudgementRecord]:
        """The events of a session, or of a grader's sessions of that mode. Those of each id of the grader are
        in the order of an index; as parts of a UNION they are merged, not sorted."""
        part = f"SELECT {_COLUMNS}, seq FROM {source} AS event WHERE {DECIDED} AND"
        if session_id:
            parts, values = [f"{part} session_id = ?"], [session_id]
        else:
            ids = same_graders(self._connection, grader_id)
            parts = [f"{part} grader_id = ? AND {_OF_MODE}"] * len(ids)
            values = [value for id_ in ids for value in (id_, mode)]
        return self._read(f"{' UNION ALL '.join(parts)} {NEWEST_FIRST}", values) if parts else iter(())

    def _read(self, sql: str, parameters: list[str]) -> Iterator[JudgementRecord]:
        rows = self._connection.query(sql, parameters)
        return self._connection.read(rows, JudgementRecord, "judgements")
