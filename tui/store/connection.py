"""One connection to the database: how it is read and written."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tui.errors import StoreBlockedError
from tui.store.failures import explained
from tui.store.old_schema import LAST_SEQ
from tui.store.place import MovedError, Place
from tui.store.remarks import Remarks
from tui.text import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.store.opening import Opened

Row = dict[str, Any]
R = TypeVar("R", bound=msgspec.Struct)

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
        """What a person has to know who leaves now: empty unless the file is gone from its place."""
        return self._place.farewell()

    def wait_at_most(self, seconds: float) -> None:
        """For another program that is writing. An event loop must not wait as long as a command may."""
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
        that cannot be."""
        try:
            with explained(self.path), self._database.conn:
                # IMMEDIATE waits for another writer here; a later upgrade from reading would fail at once.
                self._database.execute("BEGIN IMMEDIATE")
                yield
                self._place.check()
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

    def read(self, rows: Iterable[Row], record: type[R], table: str) -> Iterator[R]:
        """The rows as records, without those that are none."""
        for row in rows:
            try:
                yield msgspec.convert(row, record)
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

    def _insert(self, table: str, row: Row, *, keep_existing: bool = False, arrives: bool = False) -> int:
        """Insert inside a transaction; returns the rowid. keep_existing leaves a row with the same key alone,
        one that arrives gets the next place in the order.

        Not sqlite-utils' ignore=True: OR IGNORE also drops a row that breaks a CHECK, without a word.
        """
        columns = ", ".join(row)
        places = ", ".join("?" * len(row))
        conflict = " ON CONFLICT DO NOTHING" if keep_existing else ""
        if arrives:
            columns += ", seq"
            places += f", (SELECT coalesce(max(seq), 0) + 1 FROM {table} WHERE seq < {LAST_SEQ})"
        values = [_storable(value) for value in row.values()]
        cursor = self._database.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({places}){conflict}", values
        )
        return cursor.lastrowid or 0


def _storable(value: object) -> object:
    # A terminal may pass on half of a surrogate pair, which UTF-8, and so SQLite, cannot hold.
    return _SURROGATE.sub(REPLACEMENT, value) if isinstance(value, str) else value
