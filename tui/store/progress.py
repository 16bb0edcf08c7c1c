"""Responses and judgements by prompt, for the prompt list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.store.judgement_records import OVERALL, ModelProgress
from tui.store.records import ModelKey
from tui.store.responses import PREFERRED
from tui.store.schema.generating import ASKED
from tui.store.schema.views import COMPLETE, NEWEST_FIRST

if TYPE_CHECKING:
    from tui.store.connection import Connection

ByModel = dict[ModelKey, ModelProgress]

Asked = tuple[str, str, str, str, str]
"""Task, prompt hash, and the fields of a ModelKey."""

_PROGRESS = f"""
SELECT shown.*, kind, level, value
FROM (
    SELECT {ASKED}, {PREFERRED} AS response_id, max({COMPLETE}) AS complete
    FROM responses WHERE {{where}} GROUP BY {ASKED}
) AS shown
LEFT JOIN judgements AS judged ON judged.id = (
    SELECT standing.id FROM standing
    WHERE standing.response_id = shown.response_id AND standing.grader_id = ?
    AND standing.criterion = ? AND standing.occasion = 'first'
    AND standing.other_response_id IS NULL AND standing.kind IN ('grade', 'skip') {NEWEST_FIRST} LIMIT 1
)"""


_WAITING = f"""
SELECT count(*) AS waiting FROM responses WHERE {COMPLETE} AND NOT EXISTS (
    SELECT 1 FROM standing
    WHERE standing.response_id = responses.id AND standing.grader_id = ? AND standing.occasion = 'first'
    AND standing.other_response_id IS NULL AND standing.kind IN ('grade', 'skip')
)"""


class Progress:
    """The progress of one grader, whose id may be empty: then nothing is judged."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def judged(self, grader_id: str, criterion: str = OVERALL) -> set[Asked]:
        """The prompts and models whose shown response is judged. Reads the whole database."""
        sql = f"{_PROGRESS.format(where='TRUE')} WHERE kind IS NOT NULL"
        rows = self._connection.query(sql, [grader_id, criterion])
        return {tuple(row[column] for column in ASKED.split(", ")) for row in rows}

    def waiting(self, grader_id: str) -> int:
        """The number of whole responses that are not judged. Reads the whole database."""
        (row,) = self._connection.query(_WAITING, [grader_id])
        return int(row["waiting"])

    def of_prompt(self, task: str, prompt_hash: str, grader_id: str, criterion: str = OVERALL) -> ByModel:
        """The progress of one prompt. Its cost does not grow with the database."""
        result: ByModel = {}
        sql = _PROGRESS.format(where="task = ? AND prompt_hash = ?")
        for row in self._connection.query(sql, [task, prompt_hash, grader_id, criterion]):
            found = {name: row[name] for name in ("response_id", "kind", "level", "value")}
            found["complete"] = bool(row["complete"])
            key = ModelKey(row["model"], row["model_config_hash"], row["origin"])
            for progress in self._connection.read([found], ModelProgress, "judgements"):
                result[key] = progress
        return result
