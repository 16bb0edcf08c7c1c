"""Responses and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict

from tui.store.records import ResponseKey, ResponseRecord
from tui.store.schema.generating import ASKED
from tui.store.schema.views import COMPLETE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.connection import Connection, Row
    from tui.store.records import ModelKey, Recorded

PREFERRED = f"substr(max(printf('%d%020d', {COMPLETE}, seq) || id), 22)"
"""The id of the response to show, of a model's to a prompt: the newest complete one, else the newest,
by (seq, id), written out so that text sorts as they do."""

WAS_ASKED = " AND ".join(f"{column} = ?" for column in ASKED.split(", "))
"""The responses to a prompt of a task by a ModelKey, whose fields stand in this order."""

_COLUMNS = ", ".join(ResponseRecord.__struct_fields__)


class Responses:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, recorded: Recorded) -> None:
        """Store a response and, where they are new, what it came from. On disk on return; its claim ends."""
        with self._connection.transaction():
            for table, record in (
                ("runs", recorded.run),
                ("weights", recorded.weights),
                ("models", recorded.model),
                ("rubrics", recorded.rubric),
                ("items", recorded.item),
            ):
                if record is not None:
                    self._connection.insert(table, asdict(record), keep_existing=True)
            self._connection.insert("responses", asdict(recorded.response))
            self._connection.execute("DELETE FROM claims WHERE id = ?", [recorded.response.id])

    def get(self, response_id: str) -> ResponseRecord | None:
        rows = self._connection.query(f"SELECT {_COLUMNS} FROM responses WHERE id = ?", [response_id])
        return next(self._read(rows), None)

    def all(self, task: str | None = None, prompt_number: int | None = None) -> list[ResponseRecord]:
        """Responses of every finish reason, oldest first; of one task, or of one prompt in it."""
        wanted = {"task": task, "prompt_number": prompt_number}
        given = {column: value for column, value in wanted.items() if value is not None}
        where = " AND ".join(f"{column} = :{column}" for column in given) or "TRUE"
        rows = self._connection.query(
            f"SELECT {_COLUMNS} FROM responses WHERE {where} ORDER BY seq, id", given
        )
        return list(self._read(rows))

    def latest(
        self, task: str, prompt_hash: str, models: Iterable[ModelKey]
    ) -> dict[ModelKey, ResponseRecord]:
        """Each model's last response to a prompt of a task: its newest complete one, else its newest.

        A model without one is missing from the result.
        """
        newest = f"SELECT {PREFERRED} FROM responses WHERE {WAS_ASKED}"
        sql = f"SELECT {_COLUMNS} FROM responses WHERE id = ({newest})"
        asked = {key: self._connection.query(sql, [task, prompt_hash, *key]) for key in models}
        found = {key: next(self._read(rows), None) for key, rows in asked.items()}
        return {key: response for key, response in found.items() if response}

    def completed_keys(self) -> set[ResponseKey]:
        """The experiments that have an answer which ended by itself or at its length."""
        columns = ", ".join(ResponseKey.__struct_fields__)
        rows = self._connection.query(
            f"SELECT {columns} FROM responses WHERE {COMPLETE} AND seed IS NOT NULL"
        )
        return {ResponseKey(**row) for row in rows}

    def _read(self, rows: Iterable[Row]) -> Iterator[ResponseRecord]:
        return self._connection.read(rows, ResponseRecord, "responses")
