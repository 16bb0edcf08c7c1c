"""Responses and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.connection import Connection
from tui.store.records import ResponseKey, ResponseRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.connection import Row
    from tui.store.records import (
        ModelKey,
        ModelRecord,
        PromptRecord,
        Recorded,
        RunRecord,
        WeightsRecord,
    )

COMPLETE = "finish_reason IN ('stop', 'length')"

PREFERRED = f"substr(max(printf('%d%020d', {COMPLETE}, seq) || id), 22)"
"""Of a model's responses to a prompt the id of the one to show: the newest complete one, else the newest,
by (seq, id), written out so that text sorts as they do."""

ASKED = (
    "task = ? AND prompt_hash = ? AND model = ? AND model_config_hash = ?"
    " AND weights_sha256 = ? AND adapter_sha256 = ?"
)
"""The responses to a prompt of a task by a ModelKey, whose fields stand in this order."""

MOST_SAMPLES = 1_000_000_000
"""The CHECK of the column; a larger number in another's file would leave no next one."""

_COLUMNS = ", ".join(ResponseRecord.__struct_fields__)


class Responses(Connection):
    def add_run(self, run: RunRecord) -> None:
        with self.transaction():
            self._insert("runs", asdict(run))

    def add_response(
        self,
        response: ResponseRecord,
        *,
        weights: WeightsRecord,
        model: ModelRecord,
        prompt: PromptRecord,
        run: RunRecord | None = None,
    ) -> None:
        """Store a response and, where they are new, what it came from. On disk on return; its claim ends."""
        with self.transaction():
            if run is not None:
                self._insert("runs", asdict(run), keep_existing=True)
            self._insert("weights", asdict(weights), keep_existing=True)
            self._insert("models", asdict(model), keep_existing=True)
            self._insert("prompts", asdict(prompt), keep_existing=True)
            self._insert("responses", asdict(response), arrives=True)
            self._database.execute("DELETE FROM claims WHERE id = ?", [response.id])

    def add_recorded(self, recorded: Recorded) -> None:
        self.add_response(
            recorded.response,
            weights=recorded.weights,
            model=recorded.model,
            prompt=recorded.prompt,
            run=recorded.run,
        )

    def response(self, response_id: str) -> ResponseRecord | None:
        rows = self.query(f"SELECT {_COLUMNS} FROM responses WHERE id = ?", [response_id])
        return next(self._responses(rows), None)

    def responses(self, task: str | None = None, prompt_number: int | None = None) -> list[ResponseRecord]:
        """Responses of every finish reason, oldest first; of one task, or of one prompt in it."""
        wanted = {"task": task, "prompt_number": prompt_number}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = :{column}" for column in given) or "TRUE"
        rows = self.query(f"SELECT {_COLUMNS} FROM responses WHERE {where} ORDER BY seq, id", given)
        return list(self._responses(rows))

    def latest_responses(
        self, task: str, prompt_hash: str, models: Iterable[ModelKey]
    ) -> dict[ModelKey, ResponseRecord]:
        """What each model last answered to a prompt of a task: its newest complete response, else its newest.

        A model without one is missing from the result.
        """
        sql = f"SELECT {_COLUMNS} FROM responses WHERE id = (SELECT {PREFERRED} FROM responses WHERE {ASKED})"
        asked = {key: self.query(sql, [task, prompt_hash, *key]) for key in models}
        found = {key: next(self._responses(rows), None) for key, rows in asked.items()}
        return {key: response for key, response in found.items() if response}

    def completed_keys(self) -> set[ResponseKey]:
        """The experiments that have an answer which ended by itself or at its length."""
        columns = ", ".join(ResponseKey.__struct_fields__)
        return {ResponseKey(**row) for row in self.query(f"SELECT {columns} FROM responses WHERE {COMPLETE}")}

    def next_sample(self, task: str, prompt_hash: str, model: ModelKey) -> int:
        """The number for one more answer: 1 when there is no complete one yet."""
        sql = (
            f"SELECT coalesce(max(sample), 0) + 1 AS next FROM responses"
            f" WHERE {COMPLETE} AND {ASKED} AND sample < {MOST_SAMPLES}"
        )
        (row,) = self.query(sql, [task, prompt_hash, *model])
        return int(row["next"])

    def _responses(self, rows: Iterable[Row]) -> Iterator[ResponseRecord]:
        return self.read(map(with_truths, rows), ResponseRecord, "responses")


def with_truths(row: Row) -> Row:
    """SQLite has 0 and 1 for what is true or not; what is neither stays, and is no record."""
    truths = {0: False, 1: True}
    return row | {"extra_layouts": truths.get(row["extra_layouts"], row["extra_layouts"])}
