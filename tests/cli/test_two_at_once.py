"""Two people who judge into one database at the same time lose nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from tui.store.database import Store

if TYPE_CHECKING:
    from pathlib import Path

GRADERS = ("mei", "ada")


def llm_grader(folder: Path, *words: str, **options) -> subprocess.Popen[bytes]:
    places = {name: str(folder / name) for name in ("DATA", "CONFIG", "STATE")}
    environment = os.environ | {f"LLM_GRADER_{name}_DIR": place for name, place in places.items()}
    command = [sys.executable, "-m", "tui", *words, "--db", str(folder / "grades.db")]
    return subprocess.Popen(command, env=environment, **options)


def test_two_processes_judge_into_one_database_and_both_are_whole(tmp_path):
    assert llm_grader(tmp_path, "import", "report-2023", stdout=subprocess.DEVNULL).wait() == 0
    (tmp_path / "keys").write_bytes(b"2\nn seen\n1\n" * 15)
    running = []
    for name in GRADERS:
        keys = (tmp_path / "keys").open("rb")
        started = llm_grader(
            tmp_path, "grade", "--plain", "--grader", name, stdin=keys, stdout=subprocess.DEVNULL
        )
        keys.close()
        running.append(started)
    assert [each.wait() for each in running] == [0, 0]

    with Store.open(tmp_path / "grades.db") as store:
        names = {store.graders.find(name).id: name for name in GRADERS}
        events = [event for event in store.judgements.events() if event.grader_id in names]
        given = Counter((names[event.grader_id], event.kind) for event in events)
        assert given == {
            (name, kind): count for name in GRADERS for kind, count in (("grade", 30), ("note", 15))
        }
        for grader in names:
            assert len(store.progress.judged(grader)) == 30
        places = list(
            store.query("SELECT seq, count(*) AS events FROM judgements GROUP BY seq HAVING events > 1")
        )
        assert places == []
