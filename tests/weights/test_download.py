"""A download beside an event loop, as a screen has it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hub_server import Turn

from tui.catalogue.model import Source
from tui.weights.events import Cancelled, Failed, Finished, Paused, Started
from tui.weights.fetching.download import Download
from tui.weights.files.layout import part_size, target_of
from tui.weights.files.lock import TargetLock
from tui.weights.files.status import state_of

from .quick import QUICK, model_of

CONTENT = b"GGUF" + bytes(range(256)) * 4000
SOURCE = Source(repo="someone/some-gguf", file="some.gguf")
MODEL = model_of(SOURCE)


PATIENT = replace(QUICK, silence=20)


@pytest.fixture
def held(hub):
    """The server stops after 400,000 bytes until it is released."""
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    hub.turns[:] = [Turn(stop_after=400_000, then="hold")]
    return hub


async def all_events(download, *, when_held=None, when_paused=None):
    """`when_held` is called when the first 400,000 bytes are written, `when_paused` after Paused."""
    held = asyncio.create_task(held_then(when_held)) if when_held else None
    happened = []
    async for event in download.events():
        happened.append(event)
        if event == Paused():
            when_paused()
    if held:
        await held
    return happened


async def held_then(call):
    async with asyncio.timeout(20):
        while part_size(SOURCE) < 400_000:
            await asyncio.sleep(0.01)
    call()


async def test_events_go_from_started_to_finished_and_the_loop_stays_free(hub):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    happened = await all_events(Download(MODEL, PATIENT))
    assert isinstance(happened[0], Started)
    assert isinstance(happened[-1], Finished)
    assert happened[-1].verified


async def test_pausing_gives_back_connection_and_lock_and_resuming_goes_on(held):
    download = Download(MODEL, PATIENT)

    def while_paused():
        lock = TargetLock(target_of(SOURCE))
        assert lock.try_now()
        lock.release()
        assert state_of(MODEL).word == "partial"
        download.resume()

    happened = await all_events(download, when_held=download.pause, when_paused=while_paused)
    assert [event for event in happened if isinstance(event, Paused)] == [Paused()]
    first, second = (event for event in happened if isinstance(event, Started))
    assert (first.done, second.done) == (0, 400_000)
    assert isinstance(happened[-1], Finished)
    assert sum(get.sent for get in held.gets) == len(CONTENT)


async def test_cancelling_ends_it_and_keeps_the_part(held):
    download = Download(MODEL, PATIENT)
    happened = await all_events(download, when_held=download.cancel)
    assert happened[-1] == Cancelled()
    assert state_of(MODEL).word == "partial"
    assert isinstance((await all_events(Download(MODEL, PATIENT)))[-1], Finished)


async def test_cancelling_while_paused_ends_it(held):
    download = Download(MODEL, PATIENT)
    happened = await all_events(download, when_held=download.pause, when_paused=download.cancel)
    assert happened[-2:] == [Paused(), Cancelled()]


async def test_a_download_paused_before_it_began_begins_when_resumed(hub):
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    download = Download(MODEL, PATIENT)
    download.pause()
    happened = await all_events(download, when_paused=download.resume)
    assert happened[0] == Paused()
    assert isinstance(happened[-1], Finished)


async def test_failing_is_an_event_with_one_line(hub):
    (failed,) = await all_events(Download(MODEL, PATIENT))
    assert isinstance(failed, Failed)
    assert failed.reason.startswith("some: someone/some-gguf some.gguf: no such repository")


async def test_who_stops_listening_stops_the_download(held):
    events = Download(MODEL, PATIENT).events()
    await anext(events)
    await events.aclose()
    lock = TargetLock(target_of(SOURCE))
    async with asyncio.timeout(5):
        while not lock.try_now():
            await asyncio.sleep(0.01)
    lock.release()
