"""What is done and graded, for the prompt list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.store.judgement_records import ModelProgress
from tui.store.records import ModelKey
from tui.store.responses import PREFERRED
from tui.store.schema.generating import ASKED
from tui.store.schema.views import COMPLETE, NEWEST_FIRST

if TYPE_CHECKING:
    from tui.store.connection import Connection

ByModel = dict[ModelKey, ModelProgress]

_PROGRESS = f"""
SELECT shown.*, kind, level, value
FROM (
    SELECT {ASKED}, {PREFERRED} AS response_id, max({COMPLETE}) AS complete
    FROM responses WHERE {{where}} GROUP BY {ASKED}
) AS shown
LEFT JOIN judgements AS judged ON judged.id = (
    SELECT standing.id FROM standing
    WHERE standing.response_id = shown.response_id AND standing.grader_id = ?
    AND standing.occasion = 'first'
    AND standing.other_response_id IS NULL AND standing.kind IN ('grade', 'skip') {NEWEST_FIRST} LIMIT 1
)"""


class Progress:
    """Of one grader, whose id may be empty: then nothing is judged."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_all(self, grader_id: str) -> dict[tuple[str, str], ByModel]:
        """By task and prompt hash, then model: its latest response, and the judgement of it."""
        return self._read("TRUE", [grader_id])

    def of_prompt(self, task: str, prompt_hash: str, grader_id: str) -> ByModel:
        """Of one prompt. What it costs does not grow with the database."""
        found = self._read("task = ? AND prompt_hash = ?", [task, prompt_hash, grader_id])
        return found.get((task, prompt_hash), {})

    def _read(self, where: str, parameters: list[str]) -> dict[tuple[str, str], ByModel]:
        result: dict[tuple[str, str], ByModel] = {}
        for row in self._connection.query(_PROGRESS.format(where=where), parameters):
            found = {name: row[name] for name in ("response_id", "kind", "level", "value")}
            found["complete"] = bool(row["complete"])
            key = ModelKey(row["model"], row["model_config_hash"], row["origin"])
            for progress in self._connection.read([found], ModelProgress, "judgements"):
                result.setdefault((row["task"], row["prompt_hash"]), {})[key] = progress
        return result
