"""The state behind the main screen: per prompt and model the latest answer, live or stored, and its grade.

It knows no widgets. A caller passes `changed`, which is called with an answer whenever something about it
moved.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.errors import GraderError
from tui.evaluation.answer import Answer
from tui.evaluation.answering import answer
from tui.evaluation.identity import fingerprint, remembered_fingerprint
from tui.evaluation.plan import PlannedResponse
from tui.evaluation.provenance import new_run
from tui.store.ids import new_id
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.catalogue.task import Prompt, Task
    from tui.engine.base import Engine
    from tui.evaluation.identity import Fingerprint
    from tui.evaluation.plan import Subject
    from tui.store.database import Store


class Workbench:
    def __init__(
        self,
        *,
        subjects: Iterable[Subject],
        store: Store,
        engine: Engine,
        grader: str,
        base_seed: int = 0,
        threads: int = 0,
        gpu_layers: int = -1,
        changed: Callable[[Answer], None] = lambda _: None,
    ) -> None:
        self.subjects = tuple(subjects)
        self.changed = changed
        self._store = store
        self._engine = engine
        self._grader = grader
        self._base_seed = base_seed
        self._threads = threads
        self._gpu_layers = gpu_layers
        self._run_id: str | None = None
        known = {each.model.name: remembered_fingerprint(each) for each in self.subjects}
        self._fingerprints = {name: found for name, found in known.items() if found}
        self._answers: dict[tuple[str, str], Answer] = {}
        self._generations: set[asyncio.Task[None]] = set()

    async def identify(self) -> None:
        """Find out which weights the files hold; until then their stored answers cannot be told.

        Reads every file that is new or changed, in the background: about a second for each gigabyte.
        """
        for subject in self.subjects:
            if subject.model.name in self._fingerprints:
                continue
            try:
                await self._identify(subject)
            except GraderError as error:
                self._settle(subject, str(error))
            else:
                self._settle(subject)

    def key(self, subject: Subject) -> ModelKey | None:
        """Under which the store has this subject's answers; None until its file was checked."""
        known, model = self._fingerprints.get(subject.model.name), subject.model
        if known is None:
            return None
        return ModelKey(model.name, model.config_hash, known.weights_sha256, known.adapter_sha256)

    @property
    def busy(self) -> bool:
        return any(answer.busy for answer in self._answers.values())

    def answers(self, task: Task, prompt: Prompt) -> tuple[Answer, ...]:
        """One per subject, in their order; read from the store the first time a prompt is asked for."""
        if any((prompt.content_hash, each.model.name) not in self._answers for each in self.subjects):
            self._read(task, prompt)
        return tuple(self._answers[prompt.content_hash, each.model.name] for each in self.subjects)

    def peek(self, prompt: Prompt, subject: Subject) -> Answer | None:
        """The answer as last seen, without asking the store."""
        return self._answers.get((prompt.content_hash, subject.model.name))

    def run(self, answers: Iterable[Answer]) -> int:
        """Start every answer that is not there yet; how many were started."""
        started = [each for each in answers if not each.busy and not each.complete]
        for each in started:
            self._start(each)
        return len(started)

    def run_again(self, old: Answer) -> bool:
        """Start a further sample of this answer, unless one is under way."""
        if old.busy:
            return False
        self._start(old)
        return True

    def cancel(self, running: Answer) -> None:
        running.cancelled = True
        self._engine.cancel(running.generation_id)

    def cancel_all(self) -> None:
        for each in self._answers.values():
            if each.busy:
                self.cancel(each)

    async def close(self) -> None:
        """Stop what runs, keeping the partial answers, then end the engine."""
        self.cancel_all()
        if self._generations:
            await asyncio.wait(self._generations, timeout=5)
        await self._engine.close()

    def regrade(self, graded: Answer) -> None:
        """Read the grade in force again, after it changed."""
        if graded.response:
            graded.grade = self._store.current_grade(graded.response.id, self._grader)
        self.changed(graded)

    def find(self, response_id: str) -> Answer | None:
        matches = (
            each for each in self._answers.values() if each.response and each.response.id == response_id
        )
        return next(matches, None)

    def _read(self, task: Task, prompt: Prompt) -> None:
        for subject in self.subjects:
            key = (prompt.content_hash, subject.model.name)
            if key not in self._answers:
                self._answers[key] = Answer(subject, task, prompt)
                self._show_latest(self._answers[key])

    def _show_latest(self, shown: Answer) -> None:
        """What the store last has of this model's answers to this prompt."""
        key = self.key(shown.subject)
        if key is None:
            shown.phase = "checking"
            return
        response = self._store.latest_responses(shown.prompt.content_hash, [key]).get(key)
        if response is None:
            shown.phase = "empty"
            return
        shown.show(response)
        shown.grade = self._store.current_grade(response.id, self._grader)

    def _start(self, fresh: Answer) -> None:
        fresh.queue(new_id())
        generation = asyncio.create_task(self._generate(fresh))
        self._generations.add(generation)
        generation.add_done_callback(self._generations.discard)
        self.changed(fresh)

    async def _generate(self, fresh: Answer) -> None:
        try:
            sample = self._next_sample(fresh, await self._identify(fresh.subject))
            planned = PlannedResponse(fresh.subject, fresh.task, fresh.prompt, sample, self._base_seed)
            if not fresh.cancelled:
                await self._answer(planned, fresh)
        except GraderError as error:
            fresh.fail(str(error))
        except Exception as error:  # a defect costs this answer a line; the others go on
            fresh.fail(f"llm-grader made a mistake; please report it: {error!r}")
        if fresh.busy:  # cancelled before it began: nothing was stored
            self._show_latest(fresh)
        self.changed(fresh)

    async def _answer(self, planned: PlannedResponse, fresh: Answer) -> None:
        async for event in answer(
            planned,
            engine=self._engine,
            store=self._store,
            run_id=self._run(),
            response_id=fresh.generation_id,
            threads=self._threads,
            gpu_layers=self._gpu_layers,
        ):
            fresh.take(event)
            self.changed(fresh)

    async def _identify(self, subject: Subject) -> Fingerprint:
        found = self._fingerprints[subject.model.name] = await fingerprint(subject)
        return found

    def _settle(self, subject: Subject, error: str = "") -> None:
        """Show what could not be shown while the subject's file was being checked."""
        for each in self._answers.values():
            if each.subject is subject and each.phase == "checking":
                if error:
                    each.fail(error)
                else:
                    self._show_latest(each)
                self.changed(each)

    def _next_sample(self, fresh: Answer, weights: Fingerprint) -> int:
        return self._store.next_sample(
            fresh.prompt.content_hash,
            fresh.subject.model.config_hash,
            weights.weights_sha256,
            weights.adapter_sha256,
        )

    def _run(self) -> str:
        """The run's row is written with its first response, so that looking around leaves no empty runs."""
        if self._run_id is None:
            run = new_run()
            self._store.add_run(run)
            self._run_id = run.id
        return self._run_id
