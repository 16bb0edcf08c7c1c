"""Pairs of responses: which are judged, and which say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from tui.store.judgement_records import JudgementRecord
from tui.store.schema.columns import LAST_SEQ
from tui.store.schema.views import DECIDED, same_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store.connection import Connection

Ids = tuple[str, str]
"""The ids of two responses, the smaller one first, as judgements have them."""

_JUDGED = """
SELECT response_id, other_response_id, criterion FROM standing
WHERE {where} AND occasion <> 'repeat' AND +other_response_id IS NOT NULL
AND kind IN ('preference', 'skip')"""

# CROSS JOIN keeps SQLite from beginning with all that the grader ever judged.
_IN_FORCE = f"""
SELECT {", ".join(f"in_force.{name}" for name in JudgementRecord.__struct_fields__)}
FROM json_each(?) AS wanted
CROSS JOIN in_force ON in_force.response_id = json_extract(wanted.value, '$[0]')
WHERE in_force.grader_id IN {same_as("?")}
AND in_force.other_response_id = json_extract(wanted.value, '$[1]') AND in_force.occasion <> 'repeat'"""

_TWINS = """
SELECT id, text_sha256 FROM responses AS one
WHERE EXISTS (
    SELECT 1 FROM responses AS other WHERE other.text_sha256 = one.text_sha256 AND other.id <> one.id
)"""

_COUNTS = f"""
SELECT
    coalesce(sum(graded), 0) AS graded, coalesce(sum(skipped AND NOT graded), 0) AS skipped,
    coalesce(sum(flagged), 0) AS flagged, coalesce(sum(noted), 0) AS noted, coalesce(sum(same), 0) AS same
FROM (
    SELECT
        max(kind = 'preference' AND {DECIDED}) AS graded, max(kind = 'skip') AS skipped,
        max(kind = 'flag' AND text <> '') AS flagged, max(kind = 'note' AND text <> '') AS noted,
        max(NOT {DECIDED}) AS same
    FROM in_force WHERE session_id = ? AND +other_response_id IS NOT NULL
    GROUP BY response_id, other_response_id
)"""


class Pairs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def judged(self, grader_id: str, before: int = LAST_SEQ) -> dict[Ids, set[str]]:
        """The criteria by which this grader judged each pair. Reads all their preferences that arrived before
        that."""
        return self._criteria(f"seq < {before} AND grader_id IN {same_as('?')}", grader_id)

    def judged_in(self, session_id: str) -> dict[Ids, set[str]]:
        """The same of one session."""
        return self._criteria("session_id = ?", session_id)

    def in_force(self, pairs: Sequence[Ids], grader_id: str) -> list[JudgementRecord]:
        """One grader's judgements in force of these pairs, notes and flags among them."""
        values = [msgspec.json.encode(pairs).decode(), grader_id]
        rows = self._connection.query(_IN_FORCE, values)
        return list(self._connection.read(rows, JudgementRecord, "judgements"))

    def of_session(self, session_id: str) -> dict[str, int]:
        """Pairs by what stands of them: graded or skipped, with a flag or a note, or the same, where nobody
        was asked."""
        (row,) = self._connection.query(_COUNTS, [session_id])
        return {name: int(count) for name, count in row.items()}

    def twins(self) -> dict[str, str]:
        """The sha256 of the text of each response that says the same as another, by its id."""
        return dict(self._connection.tuples(_TWINS))

    def _criteria(self, where: str, id_: str) -> dict[Ids, set[str]]:
        found: dict[Ids, set[str]] = {}
        rows = self._connection.tuples(_JUDGED.format(where=where), [id_])
        for response_id, other_response_id, criterion in rows:
            found.setdefault((response_id, other_response_id), set()).add(criterion)
        return found
