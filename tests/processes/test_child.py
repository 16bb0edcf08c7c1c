"""Children are started in one way, whichever way they are listened to."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tui.processes import child
from tui.processes.with_parent import PARENT

if TYPE_CHECKING:
    from pathlib import Path

SAY = "import os, sys; print(os.environ.get(sys.argv[1], 'nothing'), end='')"


def said(name: str, environment: dict[str, str] | None = None) -> str:
    done = child.run([sys.executable, "-c", SAY, name], seconds=60, environment=environment)
    return done.stdout.decode()


def test_a_child_is_told_which_process_it_ends_with() -> None:
    assert said(PARENT) == str(os.getpid())


def test_what_the_person_has_set_wins_over_a_default_and_not_over_a_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHOSEN", "theirs")
    assert said("CHOSEN", child.child_environment({"CHOSEN": "ours"})) == "theirs"
    assert said("CHOSEN", child.child_environment(settings={"CHOSEN": "ours"})) == "ours"
    assert said("OTHER", child.child_environment({"OTHER": "ours"})) == "ours"


def test_a_child_imports_this_very_program_and_nothing_of_the_folder_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tui").mkdir()
    (tmp_path / "tui" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    done = child.run(child.module_command("tui", "--version"), seconds=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_one_that_takes_too_long_is_ended_and_what_it_said_is_kept() -> None:
    slow = [sys.executable, "-uc", "import os, time; print(os.getpid()); time.sleep(600)"]
    with pytest.raises(subprocess.TimeoutExpired) as raised:
        child.run(slow, seconds=5)
    assert not psutil.pid_exists(int(raised.value.output))


async def test_one_that_is_listened_to_on_the_event_loop_is_started_in_the_same_way() -> None:
    process = await child.start_listened(
        [sys.executable, "-c", SAY, PARENT], stderr=asyncio.subprocess.DEVNULL, longest_line=1 << 16
    )
    output, _ = await process.communicate()
    assert output.decode() == str(os.getpid())
