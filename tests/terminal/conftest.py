from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from terminal.scene import Scene
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from terminal.terminal import Terminal
    from tui.store.records import ResponseRecord

TESTS = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that tests start import this checkout and what stands beside the tests."""
    if sys.platform == "win32":
        pytest.skip("there are no POSIX pseudo-terminals on Windows")
    paths = [str(TESTS.parent), str(TESTS), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Start a program in a terminal; ended, if it has not, when the test is over."""
    from terminal.terminal import Terminal  # pexpect's pseudo-terminals exist on POSIX only

    with ExitStack() as open_terminals:

        def start(*command: object, **options: Any) -> Terminal:
            return open_terminals.enter_context(Terminal(command, **options))

        yield start


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[], list[ResponseRecord]]:
    """The responses in the test's database, which is whole."""

    def read() -> list[ResponseRecord]:
        with closing(sqlite3.connect(tmp_path / "grades.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        with Store.open(tmp_path / "grades.db") as store:
            return store.responses.all()

    return read


@pytest.fixture
def responses(stored: Callable[[], list[ResponseRecord]]) -> Callable[[], list[tuple[bool, str]]]:
    """Of each in the database, whether it has text and why it ended."""
    return lambda: [(bool(response.text), response.finish_reason) for response in stored()]


@pytest.fixture
def app(terminal: Callable[..., Terminal], tmp_path: Path) -> Callable[..., Terminal]:
    """Start the app on a scene; each start of a test opens the same database."""

    def start(scene: Scene | None = None, **options: Any) -> Terminal:
        file = tmp_path / "scene.json"
        file.write_bytes(msgspec.json.encode(scene or Scene()))
        database = options.pop("database", tmp_path / "grades.db")
        return terminal(sys.executable, "-m", "terminal.hosted_app", file, database, **options)

    return start
