"""A crash of the engine: a short word in each pane, one message with the log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tui.engines.events import Finished, Loaded
from tui.engines.llama.ending import Ending
from tui.engines.scripted import FACTS, ScriptedEngine

if TYPE_CHECKING:
    from pathlib import Path


class Crashing(ScriptedEngine):
    """All that run at a time die of one worker's crash."""

    log: Path

    def generate(self, spec, request):
        return self._die(request)

    async def _die(self, request):
        yield Loaded(facts=FACTS)
        ending = Ending("weights.gguf", -11, self.log)
        yield Finished(id=request.id, reason="failed", error=ending.line, log=str(ending.log))


async def test_a_crash_that_ends_four_answers_is_told_once_with_its_log(start, tmp_path, monkeypatch):
    Crashing.log = tmp_path / "logs" / "worker-weights.log"
    async with start() as bench:
        told = []
        monkeypatch.setattr(bench.app, "notify", lambda message, **_: told.append(message))
        bench.desk.live._engine = Crashing({})
        await bench.answered()

        assert len(told) == 1
        assert str(Crashing.log) in told[0]
        assert "llm-grader doctor" in told[0]
        text = bench.text()
        assert text.count("crashed (SIGSEGV)") == 4
        assert "its log" not in text
        assert all(str(Crashing.log) in each.error for each in bench.store.responses.all())

        await bench.press("i")  # what the pane leaves out is in the details
        await bench.shows("its log is")


async def test_answers_are_closed_before_a_failure_to_close_downloads_is_told(start, monkeypatch):
    """Who hears of the failure goes on to close the store."""
    async with start(lambda _: ["Hel", asyncio.Event()]) as bench:
        await bench.press("r")
        await bench.until(lambda: bench.desk.live.busy)

        async def fail():
            raise KeyError("in the downloads")

        with monkeypatch.context() as patched, pytest.raises(KeyError):
            patched.setattr(bench.desk.downloads, "close", fail)
            await bench.desk.close()
        assert not bench.desk.live.busy
        assert bench.store.responses.all()
