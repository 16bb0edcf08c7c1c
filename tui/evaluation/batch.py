"""A sitting of generation without a screen: everything planned that the store does not hold yet."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Protocol

from tui.errors import GraderError
from tui.evaluation.answering import answer
from tui.evaluation.identity import fingerprint, remembered_fingerprint
from tui.evaluation.provenance import new_run
from tui.store.ids import new_id
from tui.store.records import ResponseRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tui.engine.base import Engine, EngineEvent
    from tui.evaluation.plan import PlannedResponse
    from tui.store.database import Store


class BatchObserver(Protocol):
    """Is told how a batch goes; numbers count from 1 to what there was to generate."""

    def planned(self, total: int, already: int) -> None: ...

    def checking(self, file: str) -> None: ...

    def progress(self, number: int, total: int, planned: PlannedResponse, event: EngineEvent) -> None: ...

    def response(
        self, number: int, total: int, planned: PlannedResponse, response: ResponseRecord
    ) -> None: ...

    def failure(self, planned: PlannedResponse, error: str) -> None: ...


class Batch:
    def __init__(
        self,
        planned: Sequence[PlannedResponse],
        *,
        store: Store,
        engine: Engine,
        threads: int = 0,
        gpu_layers: int = -1,
    ) -> None:
        self._planned = planned
        self._store = store
        self._engine = engine
        self._threads = threads
        self._gpu_layers = gpu_layers
        self._generation_id = ""
        self._interrupted = False
        self._broken: set[Path] = set()

    async def run(self, observer: BatchObserver) -> bool:
        """Generate what is missing, in order; each response is stored the moment it is finished.

        A failure is told and the batch goes on, without a model whose weights do not load. False when Ctrl-C
        ended it; the partial answer is stored then.
        """
        try:
            with _interrupts_call(self._interrupt):
                await self._run(observer)
        finally:
            await self._engine.close()
        return not self._interrupted

    async def _run(self, observer: BatchObserver) -> None:
        missing = await self._missing(observer)
        observer.planned(len(self._planned), len(self._planned) - len(missing))
        if not missing:
            return
        run = new_run()
        self._store.add_run(run)
        for number, planned in enumerate(missing, 1):
            if self._interrupted:
                return
            if planned.subject.weights.path in self._broken:
                continue
            try:
                await self._answer(number, len(missing), planned, run.id, observer)
            except GraderError as error:
                observer.failure(planned, str(error))

    async def _missing(self, observer: BatchObserver) -> list[PlannedResponse]:
        done = self._store.completed_keys()
        missing = []
        for planned in self._planned:
            if remembered_fingerprint(planned.subject) is None:
                observer.checking(planned.subject.weights.path.name)
            if planned.key(await fingerprint(planned.subject)) not in done:
                missing.append(planned)
        return missing

    async def _answer(
        self, number: int, total: int, planned: PlannedResponse, run_id: str, observer: BatchObserver
    ) -> None:
        self._generation_id = new_id()
        async for event in answer(
            planned,
            engine=self._engine,
            store=self._store,
            run_id=run_id,
            response_id=self._generation_id,
            threads=self._threads,
            gpu_layers=self._gpu_layers,
        ):
            if not isinstance(event, ResponseRecord):
                observer.progress(number, total, planned, event)
            elif event.finish_reason == "failed":
                observer.failure(planned, event.error)
                if not event.engine_build:  # the weights never loaded
                    self._broken.add(planned.subject.weights.path)
            else:
                observer.response(number, total, planned, event)

    def _interrupt(self) -> None:
        self._interrupted = True
        self._engine.cancel(self._generation_id)


class _interrupts_call:  # noqa: N801 - used as a verb in a with statement
    """Ctrl-C calls a function instead of tearing the event loop down."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function

    def __enter__(self) -> None:
        self._before = signal.getsignal(signal.SIGINT)
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self._function))
        else:
            loop.add_signal_handler(signal.SIGINT, self._function)

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32":
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, self._before)
