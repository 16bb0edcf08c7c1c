"""Errors of SQLite, in words that say what to do."""

from __future__ import annotations

import errno
import sqlite3
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.errors import StoreBlockedError, StoreBusyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRIMARY_CODE = 0xFF
_PROBE = b"0" * (1 << 18)

_BUSY = "Another program is writing to {path}: try again in a moment."
_FULL = "The disk of {path} is full: the last change was not saved. Free some space."
_CLOSED = "{path} cannot be opened: check that you may read and write it and its folder."
_LOCKLESS = "{path} cannot be locked ({error}), as in many network folders: put it on a disk of this machine."
_UNKNOWN_FEATURE = (
    "{path} was written by a newer SQLite than that of this Python,"
    f" {sqlite3.sqlite_version} ({{error}}): use a newer Python."
)
_BLOCKED = {
    sqlite3.SQLITE_NOTADB: "{path} is not a database: name another file.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}): go back to a copy of it.",
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: "{path} cannot be written: the file or its folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_PERM: _CLOSED,
    sqlite3.SQLITE_AUTH: _CLOSED,
    sqlite3.SQLITE_PROTOCOL: _LOCKLESS,
    sqlite3.SQLITE_NOLFS: "{path} is larger than its disk can hold: move it to another.",
    sqlite3.SQLITE_IOERR: "{path} cannot be read or written ({error}): check the disk it lies on.",
}
_REFUSED = {
    sqlite3.SQLITE_CONSTRAINT: "{path} refused a row that contradicts what it holds: {error}.",
}
_LOCKING = {
    sqlite3.SQLITE_IOERR_LOCK,
    sqlite3.SQLITE_IOERR_RDLOCK,
    sqlite3.SQLITE_IOERR_UNLOCK,
    sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK,
    sqlite3.SQLITE_IOERR_SHMLOCK,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_IOERR_SHMOPEN,
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors inside into a StoreError about `path`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:  # misuse of the module, such as a closed connection: a mistake of ours
            raise
        raise _explanation(path, error, code) from error


def _explanation(path: Path, error: sqlite3.Error, code: int) -> StoreError:
    primary = code & _PRIMARY_CODE
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusyError(_BUSY.format(path=path))
    if message := _blocked(path, error, code):
        return StoreBlockedError(message.format(path=path, error=error))
    return StoreError(_REFUSED.get(primary, "{path}: {error}.").format(path=path, error=error))


def _blocked(path: Path, error: sqlite3.Error, code: int) -> str | None:
    if "malformed database schema" in str(error) or "unsupported file format" in str(error):
        return _UNKNOWN_FEATURE
    primary = code & _PRIMARY_CODE
    if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_full(path.parent):
        return _FULL
    if code in _LOCKING:
        return _LOCKLESS
    return _BLOCKED.get(primary)


def _is_full(folder: Path) -> bool:
    """SQLite says only of its main writes that the disk was full; of the others, that they failed."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
            return (probe.write(_PROBE) or 0) < len(_PROBE)
    except OSError as error:
        return error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
