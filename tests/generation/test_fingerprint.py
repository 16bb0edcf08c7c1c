from __future__ import annotations

import asyncio
import threading
import time

import pytest
from making import runnable_models

from tui.generation import fingerprint as module
from tui.generation.fingerprint import fingerprint
from tui.weights.files.digest_cache import ReadingStoppedError


@pytest.fixture
def endless(monkeypatch):
    """Every file takes a minute to read."""
    begun = threading.Event()

    def sha256_of(_, stop):
        begun.set()
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            if stop():
                raise ReadingStoppedError
            time.sleep(0.005)

    monkeypatch.setattr(module, "sha256_of", sha256_of)
    return begun


async def start_reading(folder, begun):
    (runnable,) = runnable_models(folder, 1)
    reading = asyncio.create_task(fingerprint(runnable))
    while not begun.is_set():
        await asyncio.sleep(0.005)
    return reading


async def test_a_cancelled_reading_lets_the_next_file_be_read(tmp_path, endless, monkeypatch):
    reading = await start_reading(tmp_path, endless)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    monkeypatch.undo()
    (other,) = runnable_models(tmp_path, 1)
    assert len((await fingerprint(other)).weights_sha256) == 64


def test_leaving_does_not_wait_for_the_end_of_a_file(tmp_path, endless):
    asyncio.run(start_reading(tmp_path, endless))  # asyncio.run cancels it, and joins its thread
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("asyncio_")]
