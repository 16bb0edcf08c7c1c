"""Opening the database: where it may lie, what it must be, how safely it writes, and its migrations."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

from tui.errors import StoreError
from tui.store import ids
from tui.store.failures import explained

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

# A grade must outlive a power cut: FULL waits for the disk at each commit, which at a person's pace costs
# nothing. Only macOS needs fullfsync for that; the other systems ignore it.
_SETTINGS = ("foreign_keys = ON", "synchronous = FULL", "fullfsync = ON")


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
            return _prepare(connection, path, timeout)
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


def _prepare(connection: sqlite3.Connection, path: Path, timeout: float) -> Database:
    from sqlite_utils import Database

    from tui.store.migrations import migrations

    database = Database(connection, execute_plugins=False)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    _check_owner(database, path)
    if migrations.pending(database):
        _use_write_ahead_log(connection, timeout)
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # another process may have migrated while this one waited: apply() looks again
            migrations.apply(database)
    _continue_ids(connection)
    return database


def _use_write_ahead_log(connection: sqlite3.Connection, timeout: float) -> None:
    # SQLite waits `timeout` for every lock but the one that this change needs: without waiting here, two
    # processes that open a new database at once would fail.
    deadline = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _check_owner(database: Database, path: Path) -> None:
    from tui.store.migrations import migrations
    from tui.store.schema import APPLICATION_ID, SCHEMA_VERSION

    # In this order: another process may be making the tables now, and sets both numbers together with them.
    tables = database.table_names()
    (owner,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if not tables:
        return
    if owner != APPLICATION_ID:
        raise StoreError(f"{path} is another program's database: name another file with --db.")
    if version < SCHEMA_VERSION:
        raise StoreError(
            f"{path} was made by an earlier llm-grader, which can still export it: name a new file with --db."
        )
    known = {migration.name for migration in migrations._migrations}
    newer = [each.name for each in migrations.applied(database) if each.name not in known]
    if version > SCHEMA_VERSION or newer:
        what = newer[-1] if newer else f"schema {version}"
        raise StoreError(f"{path} was written by a newer llm-grader ({what}): update llm-grader to open it.")


def _continue_ids(connection: sqlite3.Connection) -> None:
    # The newest event is the one with the greatest id; a clock that was set back must not change that.
    for table in ("responses", "grades"):
        (newest,) = connection.execute(f"SELECT max(id) FROM {table}").fetchone()
        if newest:
            ids.continue_after(newest)
