from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hub_server import Turn

from tui.catalogue.model import Source
from tui.errors import WeightsError
from tui.weights.control import Control
from tui.weights.fetching.fetch import fetch
from tui.weights.files import disk
from tui.weights.files.status import state_of

from .quick import QUICK, Unhurried, model_of

CONTENT = b"GGUF" + bytes(3_000_000)
SOURCE = Source(repo="someone/some-gguf", file="some.gguf")


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    """A models folder on a file system of 4 MB. Gives a function that makes it read-only."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs Linux and root, to mount a small file system")
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    monkeypatch.setenv("LLM_GRADER_MODELS_DIR", str(folder))
    yield lambda: subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    subprocess.run(["umount", folder], check=True)


def failure():
    with pytest.raises(WeightsError) as raised:
        list(fetch(model_of(SOURCE), control=Unhurried()))
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_what_does_not_fit_is_said_before_a_byte_is_fetched(hub, small_disk):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    assert ": 3,000 kB are needed, 4,190 kB are free: make room, or name another folder with" in failure()
    assert hub.gets == []


def test_a_disk_that_runs_full_meanwhile_leaves_a_part_to_continue(hub, small_disk, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "SPARE", 0)
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    filling = tmp_path / "small" / "filling"
    hub.turns[:] = [Turn(before_body=lambda: filling.write_bytes(bytes(2_500_000)))]
    assert failure().endswith("some.gguf: the disk is full: make room and start it again")
    assert state_of(model_of(SOURCE)).word == "partial"
    filling.unlink()
    assert list(fetch(model_of(SOURCE), control=Control(QUICK)))[-1].verified
    assert hub.gets[-1].range.startswith("bytes=")


def test_a_folder_that_cannot_be_written_is_one_line(hub, small_disk):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    small_disk()
    assert "cannot be written: Read-only file system" in failure()
    assert hub.gets == []


def test_a_file_where_the_folder_should_be_is_one_line(hub, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LLM_GRADER_MODELS_DIR", str(tmp_path / "file"))
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    assert "cannot be written: there is a file where a folder has to be" in failure()
