"""What is done and graded, for the prompt list."""

from __future__ import annotations

from tui.store.connection import Connection
from tui.store.grades import standing
from tui.store.records import ModelProgress
from tui.store.responses import COMPLETE, PREFERRED, ModelKey

_PROGRESS = f"""
SELECT shown.prompt_hash, shown.model, shown.model_config_hash, shown.id, shown.complete, kind, label, value
FROM (
    SELECT prompt_hash, model, model_config_hash, {PREFERRED} AS id, max({COMPLETE}) AS complete
    FROM responses GROUP BY prompt_hash, model, model_config_hash
) AS shown
LEFT JOIN grades AS judged ON judged.id = (
    SELECT max(grades.id) FROM grades
    WHERE grades.response_id = shown.id AND grades.grader = ? AND {standing("grades")}
)"""


class Progress(Connection):
    def progress(self, grader: str) -> dict[str, dict[ModelKey, ModelProgress]]:
        """By prompt content hash and model: the response that latest_responses gives, and its judgement."""
        result: dict[str, dict[ModelKey, ModelProgress]] = {}
        for row in self.query(_PROGRESS, [grader]):
            key = (row["model"], row["model_config_hash"])
            result.setdefault(row["prompt_hash"], {})[key] = ModelProgress(
                response_id=row["id"],
                complete=bool(row["complete"]),
                kind=row["kind"],
                label=row["label"],
                value=row["value"],
            )
        return result
