"""Opening the database: where it may lie, what it must be, how safely it writes, and its migrations."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui import paths
from tui.errors import StoreBlockedError, StoreError
from tui.store.failures import explained

if TYPE_CHECKING:
    from sqlite_utils import Database

# A grade must outlive a power cut: FULL waits for the disk at each commit, which at a person's pace costs
# nothing. Only macOS needs fullfsync for that; the other systems ignore it.
_SETTINGS = ("foreign_keys = ON", "synchronous = FULL", "fullfsync = ON")
_LOG = "-wal"
_READING = "mode=ro"


class Opened(NamedTuple):
    database: Database
    seconds: float
    """The wait for another program that is writing."""
    copy: Path | None = None
    """A folder with the copy that is read instead of the file, to be removed with it."""
    unlocked: bool = False
    """Whether SQLite assumes that nobody changes the file."""


def connect(path: Path, *, create: bool, timeout: float) -> Opened:
    """An open and up to date database; see Store.open."""
    _require_place(path, create=create)
    if create or _writable(path):
        if create:
            _make_private(path)
        return Opened(_open(path, path, f"mode={'rwc' if create else 'rw'}", timeout), timeout)
    return _open_to_read(path, timeout)


def connect_to_read(path: Path, *, timeout: float) -> Opened:
    """The same of a database in which nothing is changed. Where nobody has it open, nothing is left beside it
    either."""
    _require_place(path, create=False)
    if _writable(path) and _log(path).exists():
        return Opened(_open(path, path, _READING, timeout), timeout)
    return _open_to_read(path, timeout)


def state(path: Path) -> list[tuple[int, int]]:
    """Sizes and times that a change to the database changes."""
    files = [file for file in (path, _log_of(path)) if file]
    return [(status.st_size, status.st_mtime_ns) for status in map(Path.stat, files)]


def _open_to_read(path: Path, timeout: float) -> Opened:
    # Reading a WAL database writes files beside it, except where SQLite may assume that nobody changes it.
    if not _log_of(path):
        return Opened(_open(path, path, f"{_READING}&immutable=1", timeout), timeout, unlocked=True)
    try:
        return Opened(_open(path, path, _READING, timeout), timeout)
    except StoreBlockedError:
        return _open_copy(path, timeout)


def _open(path: Path, file: Path, mode: str, timeout: float) -> Database:
    """The database in `file`, which errors call `path`."""
    with explained(path):
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?{mode}",
            uri=True,
            timeout=timeout,
            isolation_level=None,  # transactions begin and end where the code says so
        )
    try:
        with explained(path):
            return _prepare(connection, path, timeout, only_reads=mode.startswith(_READING))
    except BaseException:
        connection.close()
        raise


def _open_copy(path: Path, timeout: float) -> Opened:
    """Open a copy of a database whose newest changes are still beside it, where SQLite can write nothing."""
    folder = Path(tempfile.mkdtemp(prefix="llm-grader-"))
    copy = folder / "copy.db"
    try:
        before = state(path)
        shutil.copyfile(path, copy)
        shutil.copyfile(_log_of(path) or os.devnull, f"{copy}{_LOG}")
        if state(path) != before:
            raise StoreError(f"{path} is being written by another program: try again.")
        return Opened(_open(path, copy, "mode=rw", timeout), timeout, folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _log_of(path: Path) -> Path | None:
    """The file with the newest changes, where some are left in it."""
    with suppress(OSError):
        if _log(path).stat().st_size:
            return _log(path)
    return None


def _log(path: Path) -> Path:
    return path.with_name(path.name + _LOG)


def _make_private(path: Path) -> None:
    """SQLite gives the files beside a database its permissions."""
    try:
        open(path, "xb", opener=paths.private).close()
    except FileExistsError:
        return
    except OSError as error:
        raise StoreBlockedError(f"{path} cannot be made: {error.strerror}.") from error


def _require_place(path: Path, *, create: bool) -> None:
    try:
        if path.is_dir():
            raise StoreError(f"{path} is a folder: name a file in it, for example {path / 'grades.db'}.")
        if path.exists() and not path.is_file():  # a pipe would never be opened
            raise StoreError(f"{path} is not a database: name another file.")
        if not create:
            if not path.exists():
                raise StoreError(
                    f"There is no database at {path}. The first `llm-grader`, `run` or `import` makes one;"
                    " --demo and --db FILE name others."
                )
            return
        paths.make_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}.") from error
    if not _writable(path):
        raise StoreError(f"{path} cannot be written: the file or its folder is read-only.")


def _writable(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


def _prepare(connection: sqlite3.Connection, path: Path, timeout: float, *, only_reads: bool) -> Database:
    from sqlite_utils import Database

    from tui.store.migrations import migrations

    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    database = Database(connection, execute_plugins=False)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    _require_owner(database, path, only_reads=only_reads)
    if migrations.pending(database):
        _use_write_ahead_log(connection, timeout)
        connection.execute("BEGIN IMMEDIATE")
        with connection:  # another process may have migrated while this one waited: apply() looks again
            migrations.apply(database)
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


def _require_owner(database: Database, path: Path, *, only_reads: bool) -> None:
    from tui.store.migrations import migrations
    from tui.store.schema import APPLICATION_ID, SCHEMA_VERSION

    # In this order: another process may be making the tables now, and sets both numbers together with them.
    tables = database.table_names()
    (owner,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if not tables:
        if only_reads:
            raise StoreError(f"{path} is empty: no llm-grader has written in it yet.")
        return
    if owner != APPLICATION_ID:
        raise StoreError(f"{path} is another program's database: name another file.")
    if version < SCHEMA_VERSION:
        raise StoreError(
            f"{path} was made by an earlier llm-grader, which can still export it: name a new file with --db."
        )
    known = {migration.name for migration in migrations._migrations}
    newer = [each.name for each in migrations.applied(database) if each.name not in known]
    if version > SCHEMA_VERSION or newer:
        what = newer[-1] if newer else f"schema {version}"
        raise StoreError(f"{path} was written by a newer llm-grader ({what}): update llm-grader to open it.")
