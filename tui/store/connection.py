"""One connection to the database: how it is read and written."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui.store.failures import explained
from tui.text import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

Row = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")


class Connection:
    """Reads and writes for the thread that opened it; any number of processes may hold the same file."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self.path = path

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside, or none. On disk when the block ends; StoreError when that cannot be."""
        with explained(self.path), self._database.conn:
            # IMMEDIATE waits for another writer here; a later upgrade from reading would fail at once.
            self._database.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Every read inside sees the database as it is at the first one."""
        with explained(self.path), self._database.conn:
            self._database.execute("BEGIN")
            yield

    def query(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> Iterator[Row]:
        with explained(self.path):
            yield from self._database.query(sql, parameters)  # type: ignore[arg-type]

    def _insert(self, table: str, row: Row, *, keep_existing: bool = False) -> int:
        """Insert inside a transaction; returns the rowid. keep_existing leaves a row with the same key alone.

        Not sqlite-utils' ignore=True: OR IGNORE also drops a row that breaks a CHECK, without a word.
        """
        columns = ", ".join(row)
        places = ", ".join("?" * len(row))
        conflict = " ON CONFLICT DO NOTHING" if keep_existing else ""
        values = [_storable(value) for value in row.values()]
        cursor = self._database.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({places}){conflict}", values
        )
        return cursor.lastrowid or 0


def _storable(value: object) -> object:
    # A terminal may pass on half of a surrogate pair, which UTF-8, and so SQLite, cannot hold.
    return _SURROGATE.sub(REPLACEMENT, value) if isinstance(value, str) else value
