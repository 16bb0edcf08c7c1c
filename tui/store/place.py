"""A look at the database's path: is the open file still there? If not, a copy of it is made."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from itertools import count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import GraderError, StoreBlockedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

_BESIDE = ("", "-wal", "-shm")
"""SQLite keeps the newest changes in files beside the database, and locks by them."""


_PAGES = 1000
_COPY_SECONDS = 2.0


class MovedError(StoreBlockedError):
    """The file is not where it was opened."""


class Place:
    """The path of the open database. Once the file is moved, deleted or replaced, writes go where nobody
    looks for them, and SQLite itself does not notice."""

    def __init__(self, path: Path, database: Database) -> None:
        self._path = path
        self._database = database
        # Absolute, and as SQLite names it: without links, from wherever the program goes on to work.
        real = path.absolute().resolve()
        self._open = {Path(f"{real}{suffix}"): _identity(Path(f"{real}{suffix}")) for suffix in _BESIDE}
        self._open[path.absolute()] = self._open[real]
        self._real = real
        self._held_something = not _is_empty(real)
        self._copy: Path | None = None
        self._tried = False

    def check(self) -> None:
        """Raises MovedError."""
        for file, identity in self._open.items():
            if identity is not None and _identity(file) != identity:
                raise MovedError(f"{file} was moved, deleted or replaced while it was open.")
        if self._held_something and _is_empty(self._real):
            raise MovedError(f"{self._real} was emptied while it was open.")

    def farewell(self) -> str:
        try:
            self.check()
        except MovedError as error:
            return f"{error} {self.way_out()}"
        return ""

    def way_out(self) -> str:
        """Advice for the person. Everything in the open file is copied, once; not inside a transaction."""
        back = "Put it back and try again"
        if not self._tried:
            self._tried = True
            with suppress(OSError, sqlite3.Error, GraderError):
                self._copy = self._save_copy()
        if self._copy is None:
            return f"{back}; it is still open here, but cannot be copied."
        return f"{back}, or start again with --db {self._copy}: all that was saved is in there."

    def _save_copy(self) -> Path:
        folder = self._path.absolute().parent
        copy = _new_file(folder if folder.is_dir() else paths.make_folder(paths.state_dir()), self._path)
        try:
            target = sqlite3.connect(copy)
            with target:
                self._database.conn.backup(target, pages=_PAGES, progress=_only_for(_COPY_SECONDS))
            if target.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError
            target.close()
        except (OSError, sqlite3.Error):
            copy.unlink(missing_ok=True)
            raise
        return copy


def _only_for(seconds: float) -> Callable[[int, int, int], None]:
    """Python tries for ever where another program keeps the file locked."""
    end = monotonic() + seconds

    def check(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > end:
            raise TimeoutError

    return check


def _new_file(folder: Path, like: Path) -> Path:
    for number in count(1):
        file = folder / f"{like.stem}-rescued-{number}{like.suffix}"
        try:
            open(file, "xb", opener=paths.private).close()
        except FileExistsError:
            continue
        return file
    raise AssertionError


def _is_empty(file: Path) -> bool:
    try:
        return file.stat().st_size == 0
    except OSError:
        return False


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
