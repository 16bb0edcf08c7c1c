"""What goes wrong with files and disks, in words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.errors import StoreBlockedError, StoreError
from tui.store.database import Store
from tui.store.failures import explained

from . import make, processes

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> None:
    with (folder / "rest").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"0" * 4096)
        except OSError:
            pass


def test_a_full_disk_is_called_full_when_a_database_is_made(small_disk: Path) -> None:
    fill(small_disk)

    with pytest.raises(StoreError, match=r"disk of .* is full"):
        Store.open(small_disk / "grades.db")


def test_a_full_disk_is_called_full_when_a_database_is_opened(small_disk: Path) -> None:
    path = small_disk / "grades.db"
    with Store.open(path) as store:
        make.store_response(store)
    fill(small_disk)

    with pytest.raises(StoreError, match=r"disk of .* is full"), Store.open(path) as store:
        make.store_response(store, sample=2)

    (small_disk / "rest").unlink()
    with Store.open(path) as store:
        assert len(store.responses.all()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file there")
def test_a_file_that_may_not_grow_loses_nothing_that_was_stored(path: Path) -> None:
    process, here = processes.start(processes.store_until_refused, path)
    stored, error = here.recv()
    process.join()

    assert "StoreBlockedError" in error
    with Store.open(path) as store:
        assert len(store.responses.all()) == stored > 0


@pytest.fixture
def medium() -> Iterator[Path]:
    """A folder that nobody but root can write, with the newest changes still beside the database."""
    folder = Path(tempfile.mkdtemp())
    with Store.open(folder / "live.db") as store:
        make.add(store, make.grade(make.store_response(store)))
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{folder / 'live.db'}{suffix}", f"{folder / 'grades.db'}{suffix}")
    (folder / "live.db").unlink()
    for file in folder.iterdir():
        file.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have no write permission to take away")
def test_the_newest_changes_are_read_from_a_medium_that_cannot_be_written(medium: Path) -> None:
    before = {file.name: file.read_bytes() for file in medium.iterdir()}
    assert before.keys() == {"grades.db", "grades.db-wal"}
    process, here = processes.start(processes.open_as_ordinary_person, medium / "grades.db", False)

    assert here.recv() == ["mei"]
    process.join()

    assert {file.name: file.read_bytes() for file in medium.iterdir()} == before
    assert not list(Path(tempfile.gettempdir()).glob("llm-grader-*/copy.db*"))


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (sqlite3.SQLITE_IOERR_SHMLOCK, "disk I/O error", "cannot be locked.*network folder"),
        (sqlite3.SQLITE_PROTOCOL, "locking protocol", "cannot be locked.*network folder"),
        (sqlite3.SQLITE_IOERR_READ, "disk I/O error", "check the disk"),
        (sqlite3.SQLITE_CORRUPT, "malformed database schema (x)", "newer SQLite"),
        (sqlite3.SQLITE_CORRUPT, "database disk image is malformed", "is damaged"),
        (sqlite3.SQLITE_READONLY, "attempt to write a readonly database", "read-only"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "attempt to write a readonly database", "read-only"),
        (sqlite3.SQLITE_CANTOPEN, "unable to open database file", "may read and write"),
        (sqlite3.SQLITE_NOTADB, "file is not a database", "not a database"),
    ],
)
def test_what_sqlite_says_is_one_line_that_says_what_to_do(
    path: Path, code: int, text: str, words: str
) -> None:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code

    with pytest.raises(StoreBlockedError, match=words) as said, explained(path):
        raise error

    assert str(path) in str(said.value)
    assert len(str(said.value).splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(path: Path) -> None:
    Store.open(path).close()
    path.chmod(0)
    with pytest.raises(StoreError, match=r"grades\.db cannot be"):
        Store.open(path, create=False)
