"""Models that have answered, as a person names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.records import ResponseRecord


class Models:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def title(self, name: str, config_hash: str) -> str:
        sql = "SELECT title FROM models WHERE name = ? AND config_hash = ?"
        return next((row["title"] for row in self._connection.query(sql, [name, config_hash])), name)

    def names(self) -> set[str]:
        """Names and titles of all of them."""
        rows = self._connection.query("SELECT name, title FROM models")
        return {text for row in rows for text in (row["name"], row["title"])}

    def file(self, response: ResponseRecord) -> str:
        """The name of the file that wrote it; empty where its weights were not read here."""
        sql = "SELECT file FROM weights WHERE sha256 = ? AND adapter_sha256 = ?"
        digests = [response.weights_sha256, response.adapter_sha256]
        return next((row["file"] for row in self._connection.query(sql, digests)), "")
