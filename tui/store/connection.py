"""One connection to the database, for reading and writing."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tui.errors import StoreBlockedError
from tui.store.failures import explained
from tui.store.place import MovedError, Place
from tui.store.remarks import Remarks
from tui.store.schema import BY_NAME, FLAGS
from tui.text import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.store.opening import Opened

Row = dict[str, Any]
R = TypeVar("R", bound=msgspec.Struct)

_TRUTHS = {0: False, 1: True}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Connection:
    """Reads and writes for the thread that opened it; any number of processes may hold the same file.

    What is in the file and cannot be read costs a remark: the file may be another's, or damaged.
    """

    def __init__(self, opened: Opened, path: Path) -> None:
        self.path = path
        self.remarks = Remarks()
        self._database = opened.database
        self._seconds = opened.seconds
        self._copy = opened.copy
        self._place = Place(path, opened.database)
        self._database.conn.text_factory = self._text

    def close(self) -> None:
        self._database.close()
        if self._copy:
            shutil.rmtree(self._copy, ignore_errors=True)

    def parting_word(self) -> str:
        """A line for a person who leaves now; empty unless the file is gone from its place."""
        return self._place.farewell()

    def wait_at_most(self, seconds: float) -> None:
        """Limit the wait for another program's write. An event loop must wait less than a command may."""
        self._seconds = seconds
        self._database.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    @contextmanager
    def without_waiting(self) -> Iterator[None]:
        """StoreBusyError comes at once inside."""
        seconds = self._seconds
        self.wait_at_most(0)
        try:
            yield
        finally:
            self.wait_at_most(seconds)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside, or none. On disk, in the file at `path`, when the block ends; StoreError when
        that cannot be. One inside another is part of it."""
        if self._database.conn.in_transaction:
            yield
            return
        try:
            with explained(self.path), self._database.conn:
                # IMMEDIATE waits for another writer here; a later upgrade from reading would fail at once.
                self._database.execute("BEGIN IMMEDIATE")
                yield
                self._place.verify()
        except MovedError as error:
            raise StoreBlockedError(f"{error} {self._place.way_out()}") from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Every read inside sees the database as it is at the first one."""
        with explained(self.path), self._database.conn:
            self._database.execute("BEGIN")
            yield

    def query(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> Iterator[Row]:
        with explained(self.path):
            yield from self._database.query(sql, parameters)  # type: ignore[arg-type]

    def tuples(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """All rows at once, for many short ones: nothing is called for each text, unless one is damaged."""
        connection = self._database.conn
        with explained(self.path):
            connection.text_factory = str
            try:
                return connection.execute(sql, parameters).fetchall()
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise
            finally:
                connection.text_factory = self._text
            return connection.execute(sql, parameters).fetchall()

    def read(self, rows: Iterable[Row], record: type[R], table: str) -> Iterator[R]:
        """The rows as records, without those that are none."""
        for row in rows:
            try:
                yield msgspec.convert(with_truths(row, table), record)
            except msgspec.ValidationError as error:
                self.pass_over(table, row, error)

    def pass_over(self, table: str, row: Row, error: Exception) -> None:
        which = row.get("id") or row.get("response_id") or row.get("number") or ""
        self.remarks.add(f"{self.path}: a row of {table} cannot be read and is left out: {which} {error}")

    def _text(self, stored: bytes) -> str:
        try:
            return stored.decode()
        except UnicodeDecodeError:
            self.remarks.add(f"{self.path} holds text that is not UTF-8: {REPLACEMENT} stands in its place.")
            return stored.decode(errors="replace")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """A statement inside a transaction."""
        self._database.execute(sql, parameters)

    def insert(self, table: str, row: Row, *, keep_existing: bool = False) -> None:
        """Insert inside a transaction. An event without a place gets the next one in the order of arrival;
        keep_existing leaves a row with the same key alone.

        Not sqlite-utils' ignore=True: OR IGNORE also drops a row that breaks a CHECK, without a word.
        """
        made = BY_NAME[table]
        row = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
        columns, places = ", ".join(row), ", ".join("?" * len(row))
        values = list(row.values())
        if made.is_ordered and "seq" not in row:
            columns, places = f"{columns}, seq", f"{places}, (SELECT next FROM arrivals)"
        sql = f"INSERT INTO {table} ({columns}) SELECT {places}"
        if keep_existing:
            same = " AND ".join(f"{column} = ?" for column in made.key)
            sql += f" WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {same})"
            values += [row[column] for column in made.key]
        self.execute(sql, values)


def storable(text: str) -> str:
    """A terminal may pass on half of a surrogate pair, which UTF-8, and so SQLite, cannot hold."""
    return _SURROGATE.sub(REPLACEMENT, text)


def with_truths(row: Row, table: str) -> Row:
    """SQLite has 0 and 1 for what is true or not; what is neither stays, and is no record."""
    flags = FLAGS[table]
    return {name: _TRUTHS.get(value, value) if name in flags else value for name, value in row.items()}
