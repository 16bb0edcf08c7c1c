"""What has to hold between processes is tried with processes: kills, Ctrl-C, two at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from hub_server import Turn

import tui
from tui import paths
from tui.weights.files.lock import TargetLock

REPO, FILE = "someone/some-gguf", "some.gguf"
MEGABYTES = int(os.environ.get("LLM_GRADER_TEST_MEGABYTES", "30"))


@pytest.fixture
def pull(hub, home, tmp_path):
    """Start `llm-grader pull some` against the server; every process ends with the test."""
    models_file = tmp_path / "my.toml"
    models_file.write_text(
        f'[[models]]\nname = "some"\ntitle = "Some"\nlicence = "MIT"\n'
        f'[[models.sources]]\nrepo = "{REPO}"\nfile = "{FILE}"\n'
    )
    environment = os.environ | {
        "HF_ENDPOINT": hub.url,
        "HF_HUB_OFFLINE": "0",
        "HF_HOME": str(home / "hf"),
        "PYTHONPATH": str(Path(tui.__file__).parent.parent),
    }
    started = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tui", "pull", "some", "--models-file", str(models_file)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def target():
    return paths.models_dir() / REPO / FILE


def part_length():
    part = target().with_name(f"{FILE}.part")
    return part.stat().st_size if part.exists() else 0


def until(condition, seconds=30):
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline
        sleep(0.01)


def ended(process):
    output, error = process.communicate(timeout=60)
    return process.returncode, output, error


def test_killed_ten_times_and_finished_by_the_eleventh_start(hub, pull):
    dice = random.Random(1)
    content = b"".join(dice.randbytes(1_000_000) for _ in range(MEGABYTES))
    hub.add(REPO, FILE, content)
    ends = sorted(dice.sample(range(len(content)), 10))
    here, beginnings = 0, [0]
    for number, end in enumerate(ends):
        hub.turns[:] = [Turn(stop_after=max(0, end - here), then="hold", slow=True)]
        process = pull()
        hub.wait_until_sent(number, max(0, end - here))
        process.kill()
        process.wait()
        assert here <= part_length() <= max(end, here)
        here = part_length()
        beginnings.append(here)
    hub.turns.clear()
    code, output, _ = ended(pull())
    assert (code, "fetched, verified" in output) == (0, True)
    assert target().read_bytes() == content
    assert sorted(path.name for path in target().parent.iterdir()) == [FILE, f"{FILE}.origin.json"]
    asked_from = [int(get.range.removeprefix("bytes=").rstrip("-") or 0) for get in hub.gets]
    assert asked_from == beginnings  # what was written is never fetched again
    assert hub.gets[-1].sent == len(content) - here
    on_the_way = [
        get.sent - (after - before)
        for get, before, after in zip(hub.gets, beginnings, [*beginnings[1:], len(content)], strict=True)
    ]
    print(f"{MEGABYTES} MB, on the way at each kill, and so fetched twice:", on_the_way)


def test_ctrl_c_leaves_a_part_that_the_next_start_continues(hub, pull):
    content = bytes(range(256)) * 8000
    hub.add(REPO, FILE, content)
    hub.turns[:] = [Turn(stop_after=1_000_000, then="hold")]
    process = pull()
    until(lambda: part_length() == 1_000_000)
    process.send_signal(signal.SIGINT)
    code, output, error = ended(process)
    assert (code, output) == (130, "")
    assert error.strip().splitlines()[-1] == "some: stopped; started again, it goes on where it was"
    assert "Traceback" not in error
    assert part_length() == 1_000_000
    assert ended(pull())[0] == 0
    assert hub.gets[-1].range == "bytes=1000000-"
    assert target().read_bytes() == content


def test_of_two_processes_one_works_and_the_other_waits_and_says_so(hub, pull):
    content = bytes(range(256)) * 8000
    hub.add(REPO, FILE, content)
    hub.turns[:] = [Turn(stop_after=1_000_000, then="hold")]
    first = pull()
    until(lambda: part_length() == 1_000_000)
    second = pull()
    assert second.stderr.readline() == "some: another process is working on the same file; waiting for it\n"
    hub.released.set()
    assert "fetched, verified" in ended(first)[1]
    code, output, _ = ended(second)
    assert (code, "here already, verified" in output) == (0, True)
    assert sum(get.sent for get in hub.gets) == len(content)


def test_who_waits_takes_over_when_the_other_dies(hub, pull):
    content = bytes(range(256)) * 8000
    hub.add(REPO, FILE, content)
    hub.turns[:] = [Turn(stop_after=1_000_000, then="hold")]
    first = pull()
    until(lambda: part_length() == 1_000_000)
    second = pull()
    assert "another process" in second.stderr.readline()
    first.kill()
    assert "fetched, verified" in ended(second)[1]
    assert hub.gets[-1].range == "bytes=1000000-"


def test_the_lock_of_a_dead_process_locks_nothing(home):
    target().parent.mkdir(parents=True)
    code = (
        "import os, sys; from pathlib import Path; from tui.weights.files.lock import TargetLock\n"
        "lock = TargetLock(Path(sys.argv[1])); assert lock.try_now(); os._exit(1)"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(tui.__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", code, str(target())], env=environment, check=False)
    lock = TargetLock(target())
    assert target().with_name(f"{FILE}.lock").exists()
    assert lock.try_now()
    lock.release()
    assert list(target().parent.iterdir()) == []
