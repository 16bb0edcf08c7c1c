"""Responses and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.connection import Connection
from tui.store.records import ResponseKey, ResponseRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.store.records import ModelKey, ModelRecord, PromptRecord, RunRecord, WeightsRecord

COMPLETE = "finish_reason IN ('stop', 'length')"

PREFERRED = f"coalesce(max(CASE WHEN {COMPLETE} THEN id END), max(id))"
"""Of a model's responses to a prompt the one to show: the newest complete one, else the newest."""

_ASKED = (
    "task = ? AND prompt_hash = ? AND model = ? AND model_config_hash = ?"
    " AND weights_sha256 = ? AND adapter_sha256 = ?"
)
"""The responses to a prompt of a task by a ModelKey, whose fields stand in this order."""

_COLUMNS = ", ".join(ResponseRecord.__struct_fields__)


class Responses(Connection):
    def add_run(self, run: RunRecord) -> None:
        with self.transaction():
            self._insert("runs", asdict(run))

    def add_response(
        self, response: ResponseRecord, *, weights: WeightsRecord, model: ModelRecord, prompt: PromptRecord
    ) -> None:
        """Store a response and, where they are new, what it came from. On disk on return."""
        with self.transaction():
            self._insert("weights", asdict(weights), keep_existing=True)
            self._insert("models", asdict(model), keep_existing=True)
            self._insert("prompts", asdict(prompt), keep_existing=True)
            self._insert("responses", asdict(response))

    def response(self, response_id: str) -> ResponseRecord | None:
        rows = self.query(f"SELECT {_COLUMNS} FROM responses WHERE id = ?", [response_id])
        return next((ResponseRecord(**row) for row in rows), None)

    def responses(self, task: str | None = None, prompt_number: int | None = None) -> list[ResponseRecord]:
        """Responses of every finish reason, oldest first; of one task, or of one prompt in it."""
        wanted = {"task": task, "prompt_number": prompt_number}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = :{column}" for column in given) or "TRUE"
        rows = self.query(f"SELECT {_COLUMNS} FROM responses WHERE {where} ORDER BY id", given)
        return [ResponseRecord(**row) for row in rows]

    def latest_responses(
        self, task: str, prompt_hash: str, models: Iterable[ModelKey]
    ) -> dict[ModelKey, ResponseRecord]:
        """What each model last answered to a prompt of a task: its newest complete response, else its newest.

        A model without one is missing from the result.
        """
        sql = (
            f"SELECT {_COLUMNS} FROM responses WHERE id = (SELECT {PREFERRED} FROM responses WHERE {_ASKED})"
        )
        found = {key: next(self.query(sql, [task, prompt_hash, *key]), None) for key in models}
        return {key: ResponseRecord(**row) for key, row in found.items() if row}

    def completed_keys(self) -> set[ResponseKey]:
        """The experiments that have an answer which ended by itself or at its length."""
        columns = ", ".join(ResponseKey.__struct_fields__)
        return {ResponseKey(**row) for row in self.query(f"SELECT {columns} FROM responses WHERE {COMPLETE}")}

    def next_sample(self, task: str, prompt_hash: str, model: ModelKey) -> int:
        """The number for one more answer: 1 when there is no complete one yet."""
        sql = f"SELECT coalesce(max(sample), 0) + 1 AS next FROM responses WHERE {COMPLETE} AND {_ASKED}"
        (row,) = self.query(sql, [task, prompt_hash, *model])
        return int(row["next"])
