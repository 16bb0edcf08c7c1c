"""What SQLite says, said so that a person knows what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PRIMARY_CODE = 0xFF
_MESSAGES = {
    sqlite3.SQLITE_NOTADB: "{path} is not a database: name another file with --db.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}): go back to a copy of it.",
    sqlite3.SQLITE_FULL: "The disk of {path} is full: the last change was not saved. Free some space.",
    sqlite3.SQLITE_BUSY: "{path} is in use by another program: close that one, or try again.",
    sqlite3.SQLITE_LOCKED: "{path} is in use by another program: close that one, or try again.",
    sqlite3.SQLITE_READONLY: "{path} cannot be written: the file or its folder is read-only.",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened: check that you may read and write it and its folder.",
    sqlite3.SQLITE_PERM: "{path} cannot be opened: check that you may read and write it and its folder.",
    sqlite3.SQLITE_IOERR: "{path} cannot be read or written ({error}): check the disk it lies on.",
    sqlite3.SQLITE_CONSTRAINT: "{path} refused a row that contradicts what it holds: {error}.",
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
        message = _MESSAGES.get(code & _PRIMARY_CODE, "{path}: {error}.")
        raise StoreError(message.format(path=path, error=error)) from error
