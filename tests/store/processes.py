"""What other processes do to a database in the tests. Started ones import little, so that fifty are cheap."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.store.database import Store

from . import make

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from tui.store.records import ResponseKey, ResponseRecord

NOBODY = 65534


_METHOD: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
if sys.platform != "win32":
    _METHOD.set_forkserver_preload(["sqlite_utils", "msgspec"])


def start(work: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """A process that does `work` with a pipe and the arguments, and this end of the pipe."""
    here, there = _METHOD.Pipe()
    process = _METHOD.Process(target=work, args=(there, *arguments))
    process.start()
    there.close()
    return process, here


def grade_for_ever(pipe: Connection, path: Path, response: ResponseRecord) -> None:
    """Send the id of each grade once it is stored."""
    with Store.open(path) as store:
        while True:
            grade = make.grade(response)
            make.add(store, grade)
            pipe.send_bytes(grade.id.encode())


def grade_times(_: Connection, path: Path, response: ResponseRecord, grader: str, count: int) -> None:
    with Store.open(path) as store:
        for _number in range(count):
            make.add(store, make.grade(response, grader=grader))


def create_and_add_item(_: Connection, path: Path) -> None:
    with Store.open(path) as store:
        store.own_items.add("mine", "Say hello.")


def hold_write_lock(pipe: Connection, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("BEGIN IMMEDIATE")
    pipe.send("locked")
    pipe.recv()


def claim(pipe: Connection, path: Path, key: ResponseKey) -> None:
    with Store.open(path) as store:
        pipe.send(store.claims.take(make.new_id(), key))
        pipe.recv()


def store_until_refused(pipe: Connection, path: Path) -> None:
    """Send how many responses were stored before a file had grown as far as it may, and the error."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    stored = 0
    with Store.open(path) as store:
        try:
            while True:
                make.store_response(store, text="x" * 50_000)
                stored += 1
        except Exception as error:
            pipe.send((stored, f"{type(error).__name__}: {error}"))


def open_as_ordinary_person(pipe: Connection, path: Path, create: bool) -> None:
    """Send who graded in the database, or the error."""
    _become_ordinary()
    try:
        with Store.open(path, create=create) as store:
            pipe.send([row["grader"] for row in store.query("SELECT grader FROM tidy_events")])
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")


def open_to_merge_as_ordinary_person(pipe: Connection, path: Path) -> None:
    """Send how many answers there are to be merged, or the error."""
    from tui.store.exchange.merging import Other

    _become_ordinary()
    try:
        with Other.open(path) as other:
            pipe.send(len(list(other.query("SELECT id FROM responses"))))
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")


def _become_ordinary() -> None:
    """Root may write everywhere, so give that up."""
    if os.geteuid() == 0:
        with tempfile.TemporaryDirectory() as folder:  # imports what may lie where nobody else can read
            Store.open(Path(folder) / "any.db").close()
        os.setuid(NOBODY)


def import_report(pipe: Connection, path: Path) -> None:
    from tui.store.exchange.importing import import_built_in

    with Store.open(path) as store:
        pipe.send(import_built_in(store, "report-2023", app_version="0.1.0").answers)


def merge_half(pipe: Connection, path: Path, other_path: Path) -> None:
    """Send a word in the midst of merging, and wait."""
    from tui.store.exchange.merging import Other, merge

    def look(statement: str) -> None:
        if statement.startswith("INSERT INTO judgements"):
            pipe.send("in the midst")
            pipe.recv()

    with Store.open(path) as store, Other.open(other_path) as other:
        store._database.conn.set_trace_callback(look)
        merge(store, other)


def import_file(pipe: Connection, path: Path, file: Path, killed_after: int = 0) -> None:
    """Send how many answers came in; or be killed after so many rows."""
    from .importing import Progress, import_rows

    class Killing(Progress):
        def row(self, source: Any) -> None:
            super().row(source)
            if self.rows == killed_after:
                os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(path) as store:
        pipe.send(import_rows(store, file, progress=Killing()).answers)
