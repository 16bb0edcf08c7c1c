"""What is done and graded, for the prompt list."""

from __future__ import annotations

from tui.store.connection import Connection
from tui.store.grades import NEWEST_FIRST, standing
from tui.store.records import ModelKey, ModelProgress
from tui.store.responses import COMPLETE, PREFERRED

_GROUP = "task, prompt_hash, model, model_config_hash, weights_sha256, adapter_sha256"

_PROGRESS = f"""
SELECT shown.*, kind, label, value
FROM (
    SELECT {_GROUP}, {PREFERRED} AS id, max({COMPLETE}) AS complete FROM responses GROUP BY {_GROUP}
) AS shown
LEFT JOIN grades AS judged ON judged.id = (
    SELECT grades.id FROM grades
    WHERE grades.response_id = shown.id AND grades.grader = ? AND {standing("grades")} {NEWEST_FIRST}
)"""


class Progress(Connection):
    def progress(self, grader: str) -> dict[tuple[str, str], dict[ModelKey, ModelProgress]]:
        """By task and prompt content hash, then model: what latest_responses gives, and its judgement."""
        result: dict[tuple[str, str], dict[ModelKey, ModelProgress]] = {}
        for row in self.query(_PROGRESS, [grader]):
            key = ModelKey(
                row["model"], row["model_config_hash"], row["weights_sha256"], row["adapter_sha256"]
            )
            found = {
                "response_id": row["id"],
                "complete": bool(row["complete"]),
                "kind": row["kind"],
                "label": row["label"],
                "value": row["value"],
            }
            for progress in self.read([found], ModelProgress, "grades"):
                result.setdefault((row["task"], row["prompt_hash"]), {})[key] = progress
        return result
