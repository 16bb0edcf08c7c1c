"""A sitting of generation without a screen: everything planned that the store does not hold yet."""

from __future__ import annotations

import asyncio
import signal
import sys
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from tui.engine.messages import Finished, Loaded
from tui.errors import GraderError, WeightsError
from tui.evaluation.answering import answer, load_spec
from tui.evaluation.identity import fingerprint, remembered_fingerprint
from tui.evaluation.provenance import new_run
from tui.store.ids import new_id
from tui.store.records import ResponseRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.engine.base import Engine, EngineEvent
    from tui.engine.messages import LoadSpec
    from tui.evaluation.plan import PlannedResponse
    from tui.store.database import Store


class BatchObserver(Protocol):
    """Is told how a batch goes; numbers count from 1 to what there was to generate."""

    def planned(self, total: int, already: int) -> None: ...

    def checking(self, file: str) -> None: ...

    def progress(self, number: int, total: int, planned: PlannedResponse, event: EngineEvent) -> None: ...

    def response(self, number: int, total: int, planned: PlannedResponse, response: ResponseRecord) -> None:
        """It is stored: complete, partial or failed."""

    def failure(self, planned: PlannedResponse, error: str) -> None:
        """There is nothing to store."""

    def left_out(self, planned: PlannedResponse, count: int) -> None:
        """So many more will not be tried, for want of the weights that failed `planned`."""


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
        self._checking: asyncio.Task[list[PlannedResponse]] | None = None
        self._broken: set[LoadSpec] = set()

    async def run(self, observer: BatchObserver) -> bool:
        """Generate what is missing, in order; each response is stored the moment it is finished.

        A failure is told and the batch goes on, without the models whose weights do not load. False when
        Ctrl-C ended it; the partial answer is stored then. A second Ctrl-C ends the process at once.
        """
        with _interrupts_call(self._interrupt):
            try:
                await self._run(observer)
            finally:
                await self._engine.close()
        return not self._interrupted

    async def _run(self, observer: BatchObserver) -> None:
        missing = await self._check(observer)
        if self._interrupted or not missing:
            return
        run = new_run()
        self._store.add_run(run)
        for number, planned in enumerate(missing, 1):
            if self._interrupted:
                return
            if self._spec(planned) in self._broken:
                continue
            try:
                loaded = await self._answer(number, len(missing), planned, run.id, observer)
            except GraderError as error:
                observer.failure(planned, str(error))
                continue
            if not loaded:
                self._give_up(planned, missing[number:], observer)

    async def _check(self, observer: BatchObserver) -> list[PlannedResponse]:
        self._checking = asyncio.create_task(self._missing(observer))
        try:
            return await self._checking
        except asyncio.CancelledError:
            if self._interrupted:
                return []
            raise

    async def _missing(self, observer: BatchObserver) -> list[PlannedResponse]:
        done = self._store.completed_keys()
        missing, already = [], 0
        for subject, of_subject in groupby(self._planned, lambda each: each.subject):
            wanted = list(of_subject)
            if remembered_fingerprint(subject) is None:
                observer.checking(subject.weights.path.name)
            try:
                weights = await fingerprint(subject)
            except WeightsError as error:
                observer.failure(wanted[0], str(error))
                _tell_left_out(observer, wanted[0], len(wanted) - 1)
                continue
            open_ = [planned for planned in wanted if planned.key(weights) not in done]
            missing += open_
            already += len(wanted) - len(open_)
        observer.planned(len(missing) + already, already)
        return missing

    async def _answer(
        self, number: int, total: int, planned: PlannedResponse, run_id: str, observer: BatchObserver
    ) -> bool:
        """False when the weights did not load."""
        self._generation_id = new_id()
        loaded = stored = False
        failure: str | None = None
        async for event in answer(
            planned,
            engine=self._engine,
            store=self._store,
            run_id=run_id,
            response_id=self._generation_id,
            threads=self._threads,
            gpu_layers=self._gpu_layers,
        ):
            if self._interrupted:  # perhaps before the engine knew of this generation
                self._engine.cancel(self._generation_id)
            match event:
                case ResponseRecord():
                    stored = True
                    observer.response(number, total, planned, event)
                    continue
                case Loaded():
                    loaded = True
                case Finished(reason="failed"):
                    failure = event.error
            observer.progress(number, total, planned, event)
        if failure is not None and not stored:
            observer.failure(planned, failure)
        return loaded or failure is None

    def _give_up(
        self, planned: PlannedResponse, later: Sequence[PlannedResponse], observer: BatchObserver
    ) -> None:
        spec = self._spec(planned)
        self._broken.add(spec)
        _tell_left_out(observer, planned, sum(self._spec(each) == spec for each in later))

    def _spec(self, planned: PlannedResponse) -> LoadSpec:
        return load_spec(planned.subject, threads=self._threads, gpu_layers=self._gpu_layers)

    def _interrupt(self) -> None:
        self._interrupted = True
        if self._checking is not None:
            self._checking.cancel()
        self._engine.cancel(self._generation_id)


def _tell_left_out(observer: BatchObserver, planned: PlannedResponse, count: int) -> None:
    if count:
        observer.left_out(planned, count)


class _interrupts_call:  # noqa: N801 - used as a verb in a with statement
    """The first Ctrl-C calls a function instead of tearing the event loop down; the next ends the process,
    as if nobody listened: what is stored is safe, and workers end with whoever started them."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function

    def __enter__(self) -> None:
        self._before = signal.getsignal(signal.SIGINT)
        loop = asyncio.get_running_loop()
        if sys.platform == "win32":
            signal.signal(signal.SIGINT, lambda *_: loop.call_soon_threadsafe(self._first))
        else:
            loop.add_signal_handler(signal.SIGINT, self._first)

    def __exit__(self, *_: object) -> None:
        self._unlisten()
        signal.signal(signal.SIGINT, self._before)

    def _first(self) -> None:
        self._unlisten()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self._function()

    def _unlisten(self) -> None:
        if sys.platform != "win32":
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
