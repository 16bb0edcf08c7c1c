"""A sitting of generation without a screen: everything planned that the store does not hold yet."""

from __future__ import annotations

import asyncio
from itertools import count, groupby
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.engines.events import Finished, Loaded, Waiting
from tui.errors import GraderError, StoreBlockedError, StoreBusyError, StoreError, WeightsError
from tui.generation.fingerprint import fingerprint, remembered_fingerprint
from tui.generation.generate import generate_response
from tui.generation.interrupts import interrupts_call
from tui.generation.provenance import RunSettings, new_run
from tui.generation.saving import NotSaved, Saver
from tui.generation.scheduler import Scheduler
from tui.generation.weights_batch import Numbered, WeightsBatch
from tui.store.ids import new_id
from tui.store.records import ResponseRecord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from tui.engines.base import EngineEvent, LocalEngine
    from tui.engines.target import LocalTarget
    from tui.generation.fingerprint import Fingerprint
    from tui.generation.plan import PlannedResponse, RunnableModel
    from tui.generation.provenance import Order
    from tui.store.claims import Claim
    from tui.store.database import Store
    from tui.store.records import Recorded, RunRecord

    Event = EngineEvent | NotSaved | ResponseRecord


class BatchObserver(Protocol):
    """Hears of a batch's progress. Numbers count responses in the order in which they begin, from 1."""

    def planned(self, total: int, already: int) -> None: ...

    def checking(self, file: str) -> None: ...

    def progress(
        self, number: int, total: int, planned: PlannedResponse, event: EngineEvent | NotSaved
    ) -> None: ...

    def response(self, number: int, total: int, planned: PlannedResponse, response: ResponseRecord) -> None:
        """The response is stored: complete, partial or failed."""

    def failure(self, planned: PlannedResponse, error: str) -> None:
        """There is nothing to store."""

    def left_out(self, planned: PlannedResponse, count: int) -> None:
        """A number of responses are left out, as the weights that failed `planned` would fail them too."""

    def left_to_another(self, planned: PlannedResponse, claim: Claim) -> None:
        """Another process has answered it since the batch began, or is about to."""


class _Sitting(NamedTuple):
    run: RunRecord
    total: int
    observer: BatchObserver


class Batch:
    """`parallel` responses of the same weights are generated at a time; one weights after another, or with
    `together` all that memory holds."""

    def __init__(
        self,
        planned: Sequence[PlannedResponse],
        *,
        store: Store,
        engine: LocalEngine,
        parallel: int = 1,
        seconds: float = 0,
        shuffled: bool = False,
        together: bool = False,
    ) -> None:
        self._planned = planned
        self._store = store
        self._engine = engine
        self._parallel = parallel
        self._seconds = seconds
        self._shuffled = shuffled
        self._together = together
        self._running: set[str] = set()
        self._interrupted = False
        self._checking: asyncio.Task[list[PlannedResponse]] | None = None
        self._scheduler: Scheduler | None = None
        self._fingerprints: dict[RunnableModel, Fingerprint] = {}
        self._saver = Saver(store, on_blocked=self._stop)
        self._blocked: StoreError | None = None
        self.unsaved = ""
        """After `run`: a line for the person on answers that are not in the database."""

    async def run(self, observer: BatchObserver) -> bool:
        """Generate what is missing; each response is stored the moment it is finished.

        The observer hears of a failure and the batch goes on, without the models whose weights do not load.
        False when Ctrl-C ended it; partial answers are stored then. A second Ctrl-C ends the process at once.
        Raises StoreError when it stopped because nothing could be stored any more.
        """
        with interrupts_call(self._interrupt):
            try:
                await self._run(observer)
            finally:
                try:
                    await self._engine.close()
                finally:
                    self.unsaved = self._saver.finish()
        if self._blocked:
            raise StoreBlockedError(f"Stopped: {self._blocked} {self.unsaved}".rstrip())
        return not self._interrupted

    async def _run(self, observer: BatchObserver) -> None:
        missing = await self._check(observer)
        if self._interrupted or not missing:
            return
        order: Order = "shuffled" if self._shuffled else "given"
        run = new_run(RunSettings(parallel=self._parallel, order=order, together=self._together))
        sitting = _Sitting(run, len(missing), observer)

        async def take(those: WeightsBatch, on_last_begun: Callable[[], None]) -> None:
            await self._take(sitting, those, on_last_begun)

        batches = self._batches(missing)
        self._scheduler = Scheduler(batches, engine=self._engine, together=self._together, take=take)
        await self._scheduler.run()

    def _batches(self, missing: Sequence[PlannedResponse]) -> list[WeightsBatch]:
        """Group responses by weights, so that each is loaded once, in the order in which they first occur."""
        by_weights: dict[LocalTarget, list[PlannedResponse]] = {}
        for planned in missing:
            by_weights.setdefault(planned.runnable.target, []).append(planned)
        numbers, batches = count(1), []
        for target, those in by_weights.items():
            lanes = min(self._parallel, len(those))
            self._engine.set_lanes(target, lanes)
            numbered = [Numbered(next(numbers), each) for each in those]
            batches.append(WeightsBatch(target, numbered, lanes=lanes))
        return batches

    async def _take(self, sitting: _Sitting, those: WeightsBatch, on_last_begun: Callable[[], None]) -> None:
        async def answer(response: Numbered, on_loaded: Callable[[], None]) -> bool:
            return await self._answer(sitting, response, on_loaded)

        if given_up := await those.run(answer, on_last_begun=on_last_begun):
            _tell_left_out(sitting.observer, given_up.response.planned, given_up.left)

    async def _check(self, observer: BatchObserver) -> list[PlannedResponse]:
        self._checking = asyncio.create_task(self._missing(observer))
        try:
            return await self._checking
        except asyncio.CancelledError:
            if self._interrupted:
                return []
            raise

    async def _missing(self, observer: BatchObserver) -> list[PlannedResponse]:
        done = self._store.responses.completed_keys()
        missing, already = [], 0
        for runnable, of_subject in groupby(self._planned, lambda each: each.runnable):
            wanted = list(of_subject)
            if remembered_fingerprint(runnable) is None:
                observer.checking(runnable.weights.path.name)
            try:
                weights = self._fingerprints[runnable] = await fingerprint(runnable)
            except WeightsError as error:
                observer.failure(wanted[0], str(error))
                _tell_left_out(observer, wanted[0], len(wanted) - 1)
                continue
            open_ = [planned for planned in wanted if planned.key(weights) not in done]
            missing += open_
            already += len(wanted) - len(open_)
        observer.planned(len(missing) + already, already)
        return missing

    async def _answer(self, sitting: _Sitting, response: Numbered, on_loaded: Callable[[], None]) -> bool:
        """False when the weights did not load, or crash whatever they are asked."""
        generation_id = new_id()
        claim = await self._claim(sitting, response, generation_id)
        if claim != "ours":
            if claim:
                sitting.observer.left_to_another(response.planned, claim)
            return True
        self._running.add(generation_id)
        events = generate_response(
            response.planned,
            engine=self._engine,
            run=sitting.run,
            response_id=generation_id,
            seconds=self._seconds,
        )
        try:
            return await self._observe(sitting, response, self._stored(events, generation_id), on_loaded)
        except GraderError as error:
            sitting.observer.failure(response.planned, str(error))
            return True
        finally:
            self._running.discard(generation_id)
            self._store.claims.end(generation_id)

    async def _claim(self, sitting: _Sitting, response: Numbered, generation_id: str) -> Claim | None:
        """Claim the sample; None when the batch is about to end."""
        key = response.planned.key(self._fingerprints[response.planned.runnable])

        def told(why: str) -> None:
            sitting.observer.progress(response.number, sitting.total, response.planned, Waiting(why=why))

        try:
            return await self._saver.when_free(lambda: self._store.claims.take(generation_id, key), told)
        except StoreBlockedError as error:
            self._stop(error)
        except StoreBusyError:  # still, when Ctrl-C came
            pass
        return None

    async def _stored(
        self, events: AsyncIterator[EngineEvent | Recorded], generation_id: str
    ) -> AsyncIterator[Event]:
        """The saver's events. Cancels after a Ctrl-C that came before the engine knew of this generation."""
        async for event in self._saver.stored(events):
            if self._interrupted or self._blocked:
                self._engine.cancel(generation_id)
            yield event

    async def _observe(
        self,
        sitting: _Sitting,
        response: Numbered,
        events: AsyncIterator[Event],
        on_loaded: Callable[[], None],
    ) -> bool:
        observer, place = sitting.observer, (response.number, sitting.total, response.planned)
        loaded = stored = hopeless = False
        failure: str | None = None
        async for event in events:
            match event:
                case ResponseRecord():
                    stored = True
                    observer.response(*place, event)
                    continue
                case Loaded():
                    loaded = True
                    on_loaded()
                case Finished(reason="failed"):
                    failure, hopeless = event.error, event.hopeless
            observer.progress(*place, event)
        if failure is not None and not stored:
            observer.failure(response.planned, failure)
        return (loaded and not hopeless) or failure is None

    def _interrupt(self) -> None:
        self._interrupted = True
        if self._checking is not None:
            self._checking.cancel()
        self._end()

    def _stop(self, error: StoreError) -> None:
        """Nothing can be stored: what is generated now would be thrown away."""
        self._blocked = self._blocked or error
        self._end()

    def _end(self) -> None:
        self._saver.leave_soon()
        if self._scheduler is not None:
            self._scheduler.stop()
        for generation_id in self._running:
            self._engine.cancel(generation_id)


def _tell_left_out(observer: BatchObserver, planned: PlannedResponse, count: int) -> None:
    if count:
        observer.left_out(planned, count)
