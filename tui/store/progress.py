"""What models answered and what of it is judged: of one prompt, and of the whole database."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.store.records import ModelKey
from tui.store.schema.columns import LAST_SEQ
from tui.store.schema.generating import ASKED, OF_MODELS
from tui.store.schema.views import COMPLETE, DECIDED, same_as

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.selection import Selection

# The columns and the order of an index, so that the table itself is not read.
_LISTED = f"""
SELECT {ASKED}, id, finish_reason FROM responses
WHERE {OF_MODELS} AND {{where}} ORDER BY {ASKED}, seq, id"""

_JUDGED = """
SELECT response_id, criterion FROM standing
WHERE {where} AND occasion {which} 'repeat' AND other_response_id IS NULL
AND kind IN ('grade', 'skip')"""

_COMPARED = f"""
SELECT response_id, other_response_id FROM standing
WHERE session_id = ? AND +other_response_id IS NOT NULL AND kind IN ('preference', 'skip') AND {DECIDED}"""

_WAITING = f"""
SELECT count(*) AS waiting FROM responses WHERE {COMPLETE} AND {OF_MODELS} AND NOT EXISTS (
    SELECT 1 FROM standing
    WHERE standing.response_id = responses.id AND standing.grader_id IN {same_as("?")}
    AND standing.occasion <> 'repeat' AND standing.other_response_id IS NULL
    AND standing.kind IN ('grade', 'skip')
)"""


class Listed(NamedTuple):
    """A response, without what it says."""

    id: str
    asked: tuple[str, str]
    """Task and prompt hash."""
    key: ModelKey
    finish_reason: str

    @property
    def complete(self) -> bool:
        return self.finish_reason in ("stop", "length", "unknown")


class Progress:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_prompt(self, task: str, prompt_hash: str) -> list[Listed]:
        """The responses to a prompt of every finish reason; each model's together, oldest first."""
        return self._listed("task = ? AND prompt_hash = ?", [task, prompt_hash])

    def all(self, before: int = LAST_SEQ, selection: Selection | None = None) -> list[Listed]:
        """The responses that arrived before that, in the same order; those selected. Reads all of them."""
        where, values = selection.where() if selection is not None else ("TRUE", [])
        return self._listed(f"seq < ? AND {where}", [before, *values])

    def waiting(self, grader_id: str) -> int:
        """The number of whole responses that are not judged. Reads the whole database."""
        (row,) = self._connection.query(_WAITING, [grader_id])
        return int(row["waiting"])

    def judged(
        self, grader_id: str, *, repeated: bool = False, before: int = LAST_SEQ
    ) -> dict[str, set[str]]:
        """The criteria by which this grader judged each response, by its id; or judged it once more. Reads
        all their judgements that arrived before that."""
        where = f"seq < {before} AND grader_id IN {same_as('?')}"
        return self._criteria(where, grader_id, repeated=repeated)

    def judged_in(self, session_id: str, *, repeated: bool = False) -> dict[str, set[str]]:
        """The same of one session."""
        return self._criteria("session_id = ?", session_id, repeated=repeated)

    def seen_in(self, session_id: str) -> set[str]:
        """The ids of the responses that were judged in a session, each by itself or in a pair."""
        compared = self._connection.tuples(_COMPARED, [session_id])
        return {*self.judged_in(session_id), *(id_ for ids in compared for id_ in ids)}

    def _listed(self, where: str, values: list[object]) -> list[Listed]:
        keys: dict[tuple[str, ...], ModelKey] = {}
        found = []
        rows = self._connection.tuples(_LISTED.format(where=where), values)
        for task, prompt_hash, *names, id_, finish_reason in rows:
            key = keys.setdefault(tuple(names), ModelKey(*names))
            found.append(Listed(id_, (task, prompt_hash), key, finish_reason))
        return found

    def _criteria(self, where: str, id_: str, *, repeated: bool) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        sql = _JUDGED.format(where=where, which="=" if repeated else "<>")
        for response_id, criterion in self._connection.tuples(sql, [id_]):
            found.setdefault(response_id, set()).add(criterion)
        return found
