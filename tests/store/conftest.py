from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tui.store.database import Store

from . import every_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grades.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def filled() -> Iterator[sqlite3.Connection]:
    connection = every_row.make_tables(sqlite3.connect(":memory:"))
    every_row.fill(connection)
    yield connection
    connection.close()


@pytest.fixture
def database(filled: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """With a row of every kind, for one test."""
    filled.execute("BEGIN")
    yield filled
    filled.row_factory = None
    filled.execute("ROLLBACK")
