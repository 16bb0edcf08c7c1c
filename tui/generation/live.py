"""The state behind the main screen: per prompt and model the latest answer, live or stored, and its grade.

It knows no widgets. A caller passes `changed`, which is called with an answer whenever something about it
moved; and may set `said`, which is called with a line that is about more than one answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from tui.engines.events import Finished
from tui.errors import GraderError
from tui.explain import explain
from tui.generation.fingerprint import fingerprint, remembered_fingerprint
from tui.generation.generate import generate_response
from tui.generation.live_response import LiveResponse
from tui.generation.plan import PlannedResponse
from tui.generation.provenance import new_run
from tui.generation.round import Round
from tui.generation.saving import Saver
from tui.store.ids import new_id
from tui.store.records import ModelKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.catalogue.item import Item
    from tui.engines.base import LocalEngine
    from tui.generation.fingerprint import Fingerprint
    from tui.generation.plan import RunnableModel
    from tui.store.database import Store
    from tui.store.records import RunRecord

CLOSING_SECONDS = 1.0
"""The time for storing a stopped answer before its worker is ended, and once more after that."""
PANES_AT_ONCE = 4
"""Panes of the same weights that write at once. Each has a context of its own in memory."""


class LiveResponses:
    def __init__(
        self,
        *,
        runnable_models: Iterable[RunnableModel],
        store: Store,
        engine: LocalEngine,
        base_seed: int = 0,
        seconds: float = 0,
        changed: Callable[[LiveResponse], None] = lambda _: None,
    ) -> None:
        self.runnable_models = tuple(runnable_models)
        self.changed = changed
        self.said: Callable[[str], None] = lambda _line: None
        self._crashes: set[str] = set()
        """The logs of those that were said."""
        self._store = store
        self._engine = engine
        self._base_seed = base_seed
        self._seconds = seconds
        self._run: RunRecord | None = None
        self._saver = Saver(store)
        self.parting_words = ""
        known = {each.model.name: remembered_fingerprint(each) for each in self.runnable_models}
        self._fingerprints = {name: found for name, found in known.items() if found}
        self._answers: dict[tuple[str, str, str], LiveResponse] = {}
        self._generations: dict[str, asyncio.Task[None]] = {}
        self._round = Round(lambda item: self.run(self.answers(item)), lambda: self.writing)
        self._set_lanes()

    def add(self, runnable: RunnableModel) -> None:
        """Add a model after the others, whose answers do not change. Call `identify` as at the start."""
        self.runnable_models += (runnable,)
        if known := remembered_fingerprint(runnable):
            self._fingerprints[runnable.model.name] = known
        self._set_lanes()

    async def identify(self) -> None:
        """Find out which weights the files hold; until then their stored answers are not known.

        Reads every file that is new or changed, in the background: about a second for each gigabyte.
        """
        for runnable in self.runnable_models:
            if runnable.model.name in self._fingerprints:
                continue
            try:
                await self._identify(runnable)
                self._show_known(runnable)
            except GraderError as error:
                self._show_known(runnable, str(error))

    def key(self, runnable: RunnableModel) -> ModelKey | None:
        """Under which the store has this runnable's answers; None until its file was identified."""
        name = runnable.model.name
        known = self._fingerprints.get(name)
        if known is None:
            return None
        return ModelKey(name, runnable.config_hash, known.origin)

    @property
    def busy(self) -> bool:
        """True while an answer is being written, or is to be by `run_all`."""
        return self.writing or bool(self._round)

    @property
    def writing(self) -> bool:
        return any(answer.busy for answer in self._answers.values())

    def answering(self, model_name: str) -> bool:
        return any(
            answer.busy and answer.runnable.model.name == model_name for answer in self._answers.values()
        )

    def answers(self, item: Item) -> tuple[LiveResponse, ...]:
        """One per runnable, in their order, as the store has them now, or live."""
        return tuple(self.answer_of(item, runnable) for runnable in self.runnable_models)

    def answer_of(self, item: Item, runnable: RunnableModel) -> LiveResponse:
        key = (*item.asked, runnable.model.name)
        found = self._answers.setdefault(key, LiveResponse(runnable, item))
        if not found.busy:  # another process may have written since
            self._show_latest(found)
        return found

    def peek(self, item: Item, runnable: RunnableModel) -> LiveResponse | None:
        """The answer as last seen, without asking the store."""
        return self._answers.get((*item.asked, runnable.model.name))

    def run(self, answers: Iterable[LiveResponse]) -> int:
        """Start every answer that is not there yet; how many were started."""
        started = [each for each in answers if not each.busy and not each.complete]
        for each in started:
            self._start(each, again=False)
        return len(started)

    def run_all(self, items: Iterable[Item]) -> None:
        """Start every answer to these items that is not there yet, one item after another."""
        self._round.begin(items)

    def run_again(self, old: LiveResponse) -> bool:
        """Start a further sample of this answer, unless one is under way."""
        if old.busy:
            return False
        self._start(old, again=True)
        return True

    def cancel(self, running: LiveResponse) -> None:
        if running.phase == "identifying" and (reading := self._generations.get(running.generation_id)):
            reading.cancel()
            self._show_latest(running)
            self.changed(running)
        else:
            self._engine.cancel(running.generation_id)

    def cancel_all(self) -> None:
        self._round.stop()
        for each in self._answers.values():
            if each.busy:
                self.cancel(each)

    async def close(self) -> None:
        """Stop what runs, keeping the partial answers, then end the engine.

        `parting_words` are then what a person has to know of what is not in the database.
        """
        self._saver.leave_soon()
        self.cancel_all()
        await self._settled()
        self._saver.give_up()
        try:
            await self._engine.close()
            await self._settled()
        finally:
            lines = (self._saver.finish(), self._store.parting_word(), self.parting_words)
            self.parting_words = " ".join(line for line in dict.fromkeys(lines) if line)

    async def _settled(self) -> None:
        if self._generations:
            await asyncio.wait(self._generations.values(), timeout=CLOSING_SECONDS)

    def _show_latest(self, shown: LiveResponse) -> None:
        """Show the store's last answer of this model to this prompt."""
        key = self.key(shown.runnable)
        if key is None:
            shown.clear("unknown")
            return
        response = self._store.responses.latest(*shown.item.asked, [key]).get(key)
        if response is None:
            shown.clear()
            return
        shown.show(response)

    def _start(self, fresh: LiveResponse, *, again: bool) -> None:
        earlier = fresh.complete
        fresh.begin(new_id())
        generation = asyncio.create_task(self._generate(fresh, again=again, earlier=earlier))
        self._generations[fresh.generation_id] = generation
        generation.add_done_callback(partial(self._ended, fresh.generation_id))
        self.changed(fresh)

    def _ended(self, generation_id: str, _: asyncio.Task[None]) -> None:
        self._generations.pop(generation_id, None)
        self._round.go_on()

    async def _generate(self, fresh: LiveResponse, *, again: bool, earlier: bool) -> None:
        try:
            await self._identify(fresh.runnable)
            if again or not self._is_there(fresh):
                await self._respond(fresh)
        except GraderError as error:
            fresh.fail(str(error))
        except asyncio.CancelledError:  # while its file was being identified: `cancel` has shown that
            return
        except Exception as error:  # a defect costs this answer a line; the others go on
            fresh.fail(explain(error))
        finally:
            if fresh.response is None:
                self._store.claims.end(fresh.generation_id)
        try:
            self._show_what_became(fresh, earlier=earlier)
        except GraderError as error:
            fresh.fail(str(error))
        self.changed(fresh)

    def _show_what_became(self, fresh: LiveResponse, *, earlier: bool) -> None:
        if fresh.busy:  # cancelled before it began: nothing was stored
            self._show_latest(fresh)
        elif earlier and not fresh.complete:
            became = f"{fresh.phase}: {fresh.error}" if fresh.error else fresh.phase
            self._show_latest(fresh)
            fresh.notice = f"further sample {became}"

    def _is_there(self, fresh: LiveResponse) -> bool:
        """True if the store had the answer all along, but the file had to be identified first."""
        key = self.key(fresh.runnable)
        stored = key and self._store.responses.latest(*fresh.item.asked, [key])
        return any(response.complete for response in stored.values()) if stored else False

    async def _respond(self, fresh: LiveResponse) -> None:
        sample = await self._claim(fresh)
        fresh.phase, fresh.notice = "queued", ""
        self.changed(fresh)
        events = generate_response(
            PlannedResponse(fresh.runnable, fresh.item, sample, self._base_seed),
            engine=self._engine,
            run=self._sitting(),
            response_id=fresh.generation_id,
            seconds=self._seconds,
        )
        async for event in self._saver.stored(events):
            if isinstance(event, Finished):
                self._say_crash(event)
            fresh.take(event)
            self.changed(fresh)

    def _say_crash(self, finished: Finished) -> None:
        """Say it once, however many answers the worker was writing."""
        if finished.log and finished.log not in self._crashes:
            self._crashes.add(finished.log)
            self.said(finished.error)

    async def _claim(self, fresh: LiveResponse) -> int:
        """The number of the sample that is this window's to write."""
        key = self.key(fresh.runnable)
        assert key is not None
        asked = fresh.generation_id, *fresh.item.asked, key, self._base_seed

        def say(why: str) -> None:
            fresh.notice = f"waiting: {why}"
            self.changed(fresh)

        return await self._saver.when_free(lambda: self._store.claims.take_next(*asked), say)

    def _set_lanes(self) -> None:
        """Set as many lanes as there are panes of the same weights."""
        for target, panes in Counter(each.target for each in self.runnable_models).items():
            self._engine.set_lanes(target, min(panes, PANES_AT_ONCE))

    async def _identify(self, runnable: RunnableModel) -> Fingerprint:
        found = self._fingerprints[runnable.model.name] = await fingerprint(runnable)
        return found

    def _show_known(self, runnable: RunnableModel, error: str = "") -> None:
        """Show the stored answers, which were not known before the runnable's file was identified."""
        for each in self._answers.values():
            if each.runnable is runnable and each.phase == "unknown":
                if error:
                    each.fail(error)
                else:
                    self._show_latest(each)
                self.changed(each)

    def _sitting(self) -> RunRecord:
        """The run's row is written with its responses, so that looking around leaves no empty runs."""
        self._run = self._run or new_run()
        return self._run
