from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from tui.errors import StoreError
from tui.store.database import Store

from . import make, processes

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from tui.store.records import ResponseRecord

KILLS = 50


def test_a_grade_outlives_the_kill_of_its_process(store: Store, path: Path) -> None:
    response = make.store_response(store)
    confirmed = [id_ for _ in range(KILLS) for id_ in _grade_until_killed(path, response)]

    stored = {grade.id for grade in store.judgements.events()}

    assert len(confirmed) >= KILLS
    assert set(confirmed) <= stored
    assert next(store.query("PRAGMA integrity_check")) == {"integrity_check": "ok"}


def _grade_until_killed(path: Path, response: ResponseRecord) -> list[str]:
    process, here = processes.start(processes.grade_for_ever, path, response)
    confirmed = [here.recv_bytes().decode()]
    time.sleep(random.uniform(0, 0.02))
    process.kill()
    confirmed += _rest(here)
    process.join()
    return confirmed


def _rest(pipe: Connection) -> list[str]:
    received = []
    try:
        while True:
            received.append(pipe.recv_bytes().decode())
    except (EOFError, OSError):
        return received


def test_two_processes_grade_at_the_same_time(store: Store, path: Path) -> None:
    response = make.store_response(store)
    writers = [
        processes.start(processes.grade_times, path, response, grader, 100) for grader in ("ada", "mei")
    ]

    for writer, _ in writers:
        writer.join()

    assert [writer.exitcode for writer, _ in writers] == [0, 0]
    assert [len(store.judgements.events(grader_id=make.grader_id(grader))) for grader in ("ada", "mei")] == [
        100,
        100,
    ]


def test_processes_may_open_a_new_database_at_the_same_time(path: Path) -> None:
    openers = [processes.start(processes.create_and_add_item, path) for _ in range(6)]

    for opener, _ in openers:
        opener.join()

    assert [opener.exitcode for opener, _ in openers] == [0] * 6
    with Store.open(path, create=False) as store:
        assert len(list(store.query("SELECT id FROM own_items"))) == 6


def test_a_database_locked_by_another_process_says_so(store: Store, path: Path) -> None:
    response = make.store_response(store)
    holder, here = processes.start(processes.hold_write_lock, path)
    here.recv()

    with Store.open(path, timeout=0.05) as impatient:
        with pytest.raises(StoreError, match="Another program is writing"):
            make.add(impatient, make.grade(response))
        assert impatient.responses.all() == [response]

    here.send("enough")
    holder.join()
