"""One connection to the database: how it is opened, read and written."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui.errors import StoreError
from tui.store import ids
from tui.store.failures import explained
from tui.text import REPLACEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

Row = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")

# A grade must outlive a power cut: FULL waits for the disk at each commit, which at a person's pace costs
# nothing. Only macOS needs fullfsync for that; the other systems ignore it.
_SETTINGS = ("foreign_keys = ON", "synchronous = FULL", "fullfsync = ON")


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


def connect(path: Path, *, create: bool, timeout: float) -> Database:
    """An open and up to date database; see Store.open."""
    _check_place(path, create=create)
    with explained(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{_mode(path, create)}",
            uri=True,
            timeout=timeout,
            isolation_level=None,  # transactions begin and end where the code says so
        )
    try:
        with explained(path):
            return _prepare(connection, path)
    except BaseException:
        connection.close()
        raise


def _check_place(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder: name a file in it, for example {path / 'grades.db'}.")
        if not create:
            if not path.exists():
                raise StoreError(f"There is no database at {path}.")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}.") from error
    if not _writable(path):
        raise StoreError(f"{path} cannot be written: the file or its folder is read-only.")


def _writable(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _mode(path: Path, create: bool) -> str:
    if create:
        return "mode=rwc"
    if _writable(path):
        return "mode=rw"
    # Reading a WAL database writes files beside it, except where SQLite is told that nobody changes it.
    in_use = path.with_name(path.name + "-wal").exists()
    return "mode=ro" if in_use else "mode=ro&immutable=1"


def _prepare(connection: sqlite3.Connection, path: Path) -> Database:
    from sqlite_utils import Database

    from tui.store.migrations import migrations

    database = Database(connection, execute_plugins=False)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    _check_owner(database, path)
    if migrations.pending(database):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # another process may have migrated while this one waited: apply() looks again
            migrations.apply(database)
    _continue_ids(connection)
    return database


def _check_owner(database: Database, path: Path) -> None:
    from tui.store.migrations import migrations
    from tui.store.schema import APPLICATION_ID

    (owner,) = database.execute("PRAGMA application_id").fetchone()
    if owner != APPLICATION_ID and database.table_names():
        raise StoreError(f"{path} is another program's database: name another file with --db.")
    known = {migration.name for migration in migrations._migrations}
    if newer := [m.name for m in migrations.applied(database) if m.name not in known]:
        raise StoreError(
            f"{path} was written by a newer llm-grader ({newer[-1]}): update llm-grader to open it."
        )


def _continue_ids(connection: sqlite3.Connection) -> None:
    # The newest event is the one with the greatest id; a clock that was set back must not change that.
    for table in ("responses", "grades"):
        (newest,) = connection.execute(f"SELECT max(id) FROM {table}").fetchone()
        if newest:
            ids.continue_after(newest)
