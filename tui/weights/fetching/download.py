"""A fetch in a thread, beside everything else that an event loop does."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Protocol

from tui.errors import WeightsError
from tui.weights.control import Control
from tui.weights.errors import StoppedError
from tui.weights.events import Cancelled, DownloadEvent, Failed, Finished, Paused
from tui.weights.fetching.fetch import fetch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator

    from tui.catalogue.model import Model
    from tui.weights.control import Patience
    from tui.weights.events import FetchEvent


class Fetch(Protocol):
    """The signature of `fetching.fetch.fetch`, also kept by functions that do more."""

    def __call__(self, model: Model, *, control: Control | None = None) -> Iterator[FetchEvent]: ...


class Download:
    """Fetches one model's weights in a thread. All methods are for the event loop's thread.

        download = Download(model)
        async for event in download.events():
            match event: ...

    What is here stays when it is paused or cancelled, or when the loop goes away in the middle: another
    Download of the model goes on there. `files.removal.remove` throws it away.
    """

    def __init__(self, model: Model, patience: Patience | None = None, fetch: Fetch = fetch) -> None:
        self.model = model
        self._fetch = fetch
        self._patience = patience
        self._control = Control(self._patience)
        self._going = asyncio.Event()
        self._going.set()
        self._cancelled = False

    def pause(self) -> None:
        self._going.clear()
        self._control.stop()

    def resume(self) -> None:
        self._going.set()

    def cancel(self) -> None:
        self._cancelled = True
        self._control.stop()
        self._going.set()

    async def events(self) -> AsyncIterator[DownloadEvent]:
        """Iterate once. The last event is Finished, Failed or Cancelled."""
        while True:
            if not self._going.is_set():
                yield Paused()
                await self._going.wait()
            if self._cancelled:
                yield Cancelled()
                return
            self._control = Control(self._patience)
            async with contextlib.aclosing(self._until_stopped(self._control)) as events:
                async for event in events:
                    yield event
                    if isinstance(event, Finished | Failed):
                        return

    async def _until_stopped(self, control: Control) -> AsyncGenerator[DownloadEvent]:
        loop = asyncio.get_running_loop()
        happened: asyncio.Queue[DownloadEvent | Exception | None] = asyncio.Queue()

        def tell(event: DownloadEvent | Exception | None) -> None:
            try:
                loop.call_soon_threadsafe(happened.put_nowait, event)
            except RuntimeError:  # the loop has gone
                control.stop()

        threading.Thread(target=self._run, args=(control, tell), name="fetch", daemon=True).start()
        try:
            while (event := await happened.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            control.stop()

    def _run(self, control: Control, tell: Callable[[DownloadEvent | Exception | None], None]) -> None:
        try:
            for event in self._fetch(self.model, control=control):
                tell(event)
        except StoppedError:
            pass
        except WeightsError as error:
            tell(Failed(str(error)))
        except Exception as error:
            tell(error)
        tell(None)
