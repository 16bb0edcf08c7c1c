from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlite_utils

from tui.errors import StoreError
from tui.store.database import Store
from tui.store.migrations import migrations
from tui.store.schema import BY_NAME

from . import make, processes

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_opening_makes_the_folders_and_the_database(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "100% #1?" / "grades.db"

    with Store.open(path) as store:
        assert store.responses.all() == []

    assert path.is_file()
    assert [file.name for file in path.parent.iterdir()] == ["grades.db"]


def test_opening_again_changes_nothing(path: Path) -> None:
    def schema() -> list[tuple[str, ...]]:
        connection = sqlite3.connect(path)
        with connection:
            rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        connection.close()
        return rows

    with Store.open(path) as store:
        made = make.store_response(store)
    first = schema()

    with Store.open(path) as store:
        migrations.apply(store._database)
        assert store.responses.all() == [made]
    assert schema() == first


def test_a_database_of_an_earlier_version_is_refused_and_stays(store: Store, path: Path) -> None:
    make.store_response(store)
    store._database.execute("PRAGMA user_version = 0")
    store.close()
    before = path.read_bytes()

    for create in (True, False):
        with pytest.raises(StoreError, match=r"made by an earlier llm-grader.*--db\.$"):
            Store.open(path, create=create)

    assert path.read_bytes() == before


def test_a_committed_row_waits_for_the_disk(store: Store) -> None:
    settings = {
        name: next(iter(next(store.query(f"PRAGMA {name}")).values()))
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_every_table_is_in_the_first_migration(store: Store) -> None:
    assert set(BY_NAME) <= set(store._database.table_names())


def test_a_missing_file_is_named_and_not_made(path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no database at .*grades\.db\. The first .* makes one"):
        Store.open(path, create=False)

    assert not path.exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_is_not_a_database(tmp_path: Path, create: bool) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path, create=create)


@pytest.mark.parametrize("create", [True, False])
def test_a_text_file_is_not_a_database_and_stays(path: Path, create: bool) -> None:
    path.write_text("# notes\n" * 200)

    with pytest.raises(StoreError, match="is not a database"):
        Store.open(path, create=create)

    assert path.read_text() == "# notes\n" * 200


def test_a_file_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match=r"file.grades\.db cannot be opened"):
        Store.open(tmp_path / "file" / "grades.db")


def test_another_programs_database_is_left_alone(path: Path) -> None:
    sqlite_utils.Database(path).table("recipes").insert({"name": "soup"})

    with pytest.raises(StoreError, match="another program"):
        Store.open(path)

    assert sqlite_utils.Database(path).table_names() == ["recipes"]


def test_a_database_of_a_newer_version_is_refused(store: Store, path: Path) -> None:
    newer = {"migration_set": migrations.name, "name": "m900_from_the_future", "applied_at": "2030"}
    store._database.table("_sqlite_migrations").insert(newer)

    with pytest.raises(StoreError, match=r"newer llm-grader \(m900_from_the_future\)"):
        Store.open(path)

    store._database.execute("PRAGMA user_version = 900")
    with pytest.raises(StoreError, match=r"newer llm-grader \(.*900"):
        Store.open(path)


def test_a_damaged_database_is_called_damaged(store: Store, path: Path) -> None:
    make.store_response(store)
    store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(StoreError, match="is damaged"):
        Store.open(path)


def test_a_full_disk_loses_nothing_that_was_stored(store: Store) -> None:
    made = make.store_response(store)
    (pages,) = store._database.execute("PRAGMA page_count").fetchone()
    store._database.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match=r"disk of .* is full"):
        make.store_response(store, text="x" * 100_000)

    assert store.responses.all() == [made]


@pytest.fixture
def archive() -> Iterator[Path]:
    """A folder that a person who is not root can reach but not write."""
    folder = Path(tempfile.mkdtemp())
    with Store.open(folder / "grades.db") as store:
        make.add(store, make.grade(make.store_response(store)))
    (folder / "grades.db").chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="folders there have no write permission to take away")
@pytest.mark.parametrize(
    ("create", "expected"),
    [(False, ["mei"]), (True, "StoreError: {path} cannot be written: the file or its folder is read-only.")],
)
def test_a_read_only_database_can_be_read(archive: Path, create: bool, expected: object) -> None:
    path = archive / "grades.db"

    process, here = processes.start(processes.open_as_ordinary_person, path, create)
    answer = here.recv()
    process.join()

    assert answer == (expected.format(path=path) if isinstance(expected, str) else expected)
    assert os.listdir(archive) == ["grades.db"]  # noqa: PTH208 - the names are what counts
