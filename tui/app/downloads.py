"""Downloads that run on whatever is on the screen: one at a time, the others wait their turn."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tui.app.job import Job
from tui.explain import explain
from tui.weights.events import Failed, Paused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.catalogue.model import Checkpoint, Model
    from tui.weights.control import Patience
    from tui.weights.errors import NoSourceError
    from tui.weights.fetching.download import Download, Fetch

CLOSING_SECONDS = 3
"""The time that a stopped download may take to let go of its file."""


class Downloads:
    """Downloads of a catalogue's models, by name. It knows no widgets: whoever shows them listens.

    Without `fetch` they come from the Hub, and one that has no source is made of its original.

    A model has a job from `start` or `verify` until that has ended well or was cancelled; a failed one stays
    to be seen. All methods are for the event loop's thread.
    """

    def __init__(
        self, models: Iterable[Model] = (), *, fetch: Fetch | None = None, patience: Patience | None = None
    ) -> None:
        self.models = tuple(models)
        self._fetch = fetch
        self._patience = patience
        self._jobs: dict[str, Job] = {}
        self._queue: list[Job] = []
        self._in_turn: Job | None = None
        self._tasks: dict[Job, asyncio.Task[None]] = {}
        self._listeners: list[Callable[[Job], None]] = []

    def listen(self, listener: Callable[[Job], None]) -> Callable[[], None]:
        """Called with a job whenever something about it moved, ten times a second at most for its progress.
        What is returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def job(self, name: str) -> Job | None:
        return self._jobs.get(name)

    @property
    def active(self) -> list[Job]:
        """The one in turn first, then those that wait for it, then those that are paused."""
        order = {"running": 0, "queued": 1, "paused": 2}
        return sorted((job for job in self._jobs.values() if job.active), key=lambda job: order[job.phase])

    def start(self, name: str) -> None:
        """Fetch a model's file when its turn comes, or go on with what is here of it."""
        job = self._jobs.get(name)
        if job is not None and job.active:
            self.resume(name)
            return
        self._enqueue(self._new_job(name, self._fetch))

    def verify(self, name: str) -> None:
        """Read a model's file again, at once."""
        from tui.weights.fetching.read_again import read_again

        job = self._jobs.get(name)
        if job is None or not job.active:
            job = self._new_job(name, read_again)
            job.verifies, job.phase = True, "running"
            self._follow(job)
            self._tell(job)

    def pause(self, name: str) -> None:
        """The others go on; what is here stays."""
        job = self._jobs.get(name)
        if job is None or job.verifies or job.phase not in ("queued", "running"):
            return
        if job in self._queue:
            self._queue.remove(job)
        job.phase = "paused"
        if job in self._tasks:
            job.download.pause()
        self._tell(job)

    def resume(self, name: str) -> None:
        """A paused one waits for its turn again."""
        job = self._jobs.get(name)
        if job is None or job.phase != "paused":
            return
        if job is self._in_turn:  # it has not yet stopped
            job.phase = "running"
            job.download.resume()
            self._tell(job)
        else:
            self._enqueue(job)

    def cancel(self, name: str) -> None:
        """End the job. Its bytes stay, and another start goes on with them. A failure is shown no more."""
        job = self._jobs.get(name)
        if job is None:
            return
        if job in self._queue:
            self._queue.remove(job)
        if job in self._tasks:
            job.download.cancel()
        else:
            job.phase = "cancelled"
            self._forget(job)
            self._tell(job)

    async def close(self) -> None:
        """Stop all, leaving parts that can be continued."""
        self._queue.clear()
        for job in self._tasks:
            job.download.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=CLOSING_SECONDS)

    def _new_job(self, name: str, fetch: Fetch | None) -> Job:
        job = self._jobs[name] = Job(self._download(name, fetch))
        return job

    def _download(self, name: str, fetch: Fetch | None) -> Download:
        # Only now: it brings huggingface_hub along, which takes longer than the app to open.
        from tui.conversion.fetch_or_convert import fetch_or_convert
        from tui.weights.fetching.download import Download

        model = next(model for model in self.models if model.name == name)
        return Download(
            model, self._patience, fetch or partial(fetch_or_convert, may_convert=_was_asked_before)
        )

    def _enqueue(self, job: Job) -> None:
        job.phase = "queued"
        self._queue.append(job)
        self._next()
        self._tell(job)

    def _next(self) -> None:
        if self._in_turn is not None or not self._queue:
            return
        job = self._in_turn = self._queue.pop(0)
        job.phase = "running"
        if job in self._tasks:
            job.download.resume()
        else:
            self._follow(job)
        self._tell(job)

    def _follow(self, job: Job) -> None:
        task = self._tasks[job] = asyncio.create_task(self._take_events(job))
        task.add_done_callback(lambda _: self._tasks.pop(job, None))

    async def _take_events(self, job: Job) -> None:
        try:
            async for event in job.download.events():
                job.take(event)
                if isinstance(event, Paused):
                    self._end_turn(job)
                self._tell(job)
        except Exception as error:  # a defect costs this download a line; the others go on
            job.take(Failed(explain(error)))
            self._tell(job)
        if job.phase != "failed":
            self._forget(job)
        self._end_turn(job)

    def _forget(self, job: Job) -> None:
        if self._jobs.get(job.model.name) is job:
            del self._jobs[job.model.name]

    def _end_turn(self, job: Job) -> None:
        if self._in_turn is job:
            self._in_turn = None
            self._next()

    def _tell(self, job: Job) -> None:
        for listener in tuple(self._listeners):
            listener(job)


def _was_asked_before(model: Model, checkpoint: Checkpoint, error: NoSourceError) -> bool:
    """`question_before` asks about models that can be had in no other way."""
    return model.is_only_converted
