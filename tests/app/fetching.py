"""Models to fetch, from a hub that stops in the middle or from a script."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from hub_server import Turn
from weights.quick import QUICK, model_of

from tui.app.downloads import Downloads
from tui.catalogue.model import Source
from tui.errors import WeightsError
from tui.weights.control import Control
from tui.weights.events import Finished, Progress, Started
from tui.weights.files.layout import part_size

if TYPE_CHECKING:
    from pathlib import Path

    from hub_server import HubServer

CONTENT = b"GGUF" + bytes(range(256)) * 4000
HELD = 400_000
SOURCE = Source(repo="someone/some-gguf", file="some.gguf", quantisation="Q4_K_M")
MODEL = model_of(SOURCE)


def downloads_of(*models):
    return Downloads(models or [MODEL], patience=replace(QUICK, silence=20))


def hold(hub: HubServer) -> None:
    """The server stops after HELD bytes until it is released."""
    hub.add(SOURCE.repo, SOURCE.file, CONTENT)
    hub.turns[:] = [Turn(stop_after=HELD, then="hold")]


async def is_held() -> None:
    while part_size(SOURCE) < HELD:
        await asyncio.sleep(0.01)


class ScriptedFetch:
    """Gives what a test says: each model is at 10 of 100 bytes until it is let go, or fails."""

    def __init__(self, file: Path, *events: object) -> None:
        self.begun: list[str] = []
        self.failing: dict[str, Exception] = {}
        self._file = file
        self._events = events
        self._let_go: dict[str, threading.Event] = {}

    def let_go(self, name: str) -> None:
        self._let_go.setdefault(name, threading.Event()).set()

    def fail(self, name: str, error: Exception | None = None) -> None:
        self.failing[name] = error or WeightsError(f"{name}: there is nothing")

    def __call__(self, model, *, control=None):
        control = control or Control()
        self.begun.append(model.name)
        if error := self.failing.get(model.name):
            raise error
        yield Started(SOURCE, self._file, 100, 10, 1000)
        yield Progress(10, 100, 2_000_000.0, 45.0)
        yield from self._events
        while not self._let_go.setdefault(model.name, threading.Event()).is_set():
            control.wait(0.01)
        yield Finished(self._file, 100, None, verified=False, fetched=True)
