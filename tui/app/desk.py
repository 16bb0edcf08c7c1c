"""Everything the screens work with, put together before they open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tui.app import marks
from tui.catalogue.item import items_of
from tui.generation.selection import find_runnable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.app.downloads import Downloads
    from tui.catalogue.item import Item
    from tui.catalogue.model import Model
    from tui.catalogue.task import Task
    from tui.generation.live import LiveResponses
    from tui.generation.live_response import LiveResponse
    from tui.generation.plan import RunnableModel
    from tui.grading.session import GradingSession
    from tui.store.database import Store
    from tui.store.judgement_records import ModelProgress
    from tui.store.records import ModelKey

TITLE_LENGTH = 40
SCREEN_SECONDS = 0.2
"""How long a screen, which stands meanwhile, waits for another program that is writing."""

Mark = tuple[str, str]
"""A mark and its style."""


class Opened(NamedTuple):
    """A desk, and how its grader wants the app: a theme for every start, keys by binding id."""

    desk: Desk
    theme: str = ""
    keys: Mapping[str, str] = {}


@dataclass
class Desk:
    """Prompts, answers and grades of one grader; `problems` say why catalogue models cannot run here.

    With `whole_catalogue` the grader named no models: each that can run belongs on the desk.
    """

    title: str
    tasks: tuple[Task, ...]
    store: Store
    live: LiveResponses
    session: GradingSession
    downloads: Downloads
    problems: tuple[str, ...] = ()
    whole_catalogue: bool = False

    def __post_init__(self) -> None:
        self.store.wait_at_most(SCREEN_SECONDS)

    async def close(self) -> None:
        """Stop what runs; what was written and what was fetched so far stays. Whoever goes on after a failure
        closes the store: so none shows before both have come to their end."""
        ended = await asyncio.gather(self.live.close(), self.downloads.close(), return_exceptions=True)
        for failure in filter(None, ended):
            raise failure

    def add_runnable(self) -> int:
        """Put the models that can run by now on the live, after those that are there; how many came."""
        if not self.whole_catalogue:
            return 0
        fresh, _ = find_runnable(model for model in self.downloads.models if not self.on_desk(model))
        for runnable in fresh:
            self.live.add(runnable)
        return len(fresh)

    def on_desk(self, model: Model) -> bool:
        return any(runnable.model.name == model.name for runnable in self.live.runnable_models)

    def items(self) -> list[Item]:
        """The catalogue's, then the person's own."""
        return [item for task in (*self.tasks, self.store.own_items.task()) for item in items_of(task)]

    def add_own_prompt(self, text: str) -> None:
        """Its title is its first line, shortened."""
        first = text.strip().splitlines()[0]
        title = first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"
        self.store.own_items.add(title, text)

    def marks(self, items: list[Item]) -> dict[int, tuple[Mark, ...]]:
        """For each place in `items` a mark per model, in pane order. Reads the whole database."""
        progress = self.store.progress.of_all(self._grader_id())
        return {place: self._row(item, progress.get(item.asked, {})) for place, item in enumerate(items)}

    def marks_at(self, items: list[Item], places: Iterable[int]) -> dict[int, tuple[Mark, ...]]:
        """The same for these places; what it costs does not grow with the database."""
        grader, rows = self._grader_id(), {}
        for place in places:
            stored = self.store.progress.of_prompt(*items[place].asked, grader)
            rows[place] = self._row(items[place], stored)
        return rows

    def _grader_id(self) -> str:
        grader = self.store.graders.find(self.session.grader)
        return grader.id if grader else ""

    def _row(self, item: Item, stored: dict[ModelKey, ModelProgress]) -> tuple[Mark, ...]:
        return tuple(self._mark(item, runnable, stored) for runnable in self.live.runnable_models)

    def _mark(self, item: Item, runnable: RunnableModel, stored: dict[ModelKey, ModelProgress]) -> Mark:
        live = self.live.peek(item, runnable)
        if live is not None and live.busy:
            return marks.WORKING, "$text-primary"
        if live is not None and live.phase == "failed":
            return marks.FAILED, "$text-error"
        key = self.live.key(runnable)
        return _stored_mark(stored.get(key) if key else None)


def _stored_mark(progress: ModelProgress | None) -> Mark:
    if progress is None:
        return marks.NO_ANSWER, "dim"
    if progress.kind is not None:
        return marks.grade_mark(progress.value), marks.grade_style(progress.value)
    return marks.UNGRADED, ""


def graded_count(all_marks: dict[int, tuple[Mark, ...]]) -> int:
    return sum(mark in marks.JUDGED for row in all_marks.values() for mark, _ in row)


def next_ungraded(answers: tuple[LiveResponse, ...], current: int) -> int | None:
    """The place of the next answer to judge after `current`, around the corner; None when all are judged."""
    order = [(current + step) % len(answers) for step in range(1, len(answers) + 1)]
    waiting = (
        place
        for place in order
        if not answers[place].judged and (answers[place].gradable or answers[place].busy)
    )
    return next(waiting, None)
