"""Progress: the state of each item for a list of them, and the number of judged responses."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.catalogue.rubric import OVERALL
from tui.grading.sheet import Given
from tui.store.database import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tui.catalogue.item import Item
    from tui.generation.live import LiveResponses
    from tui.generation.plan import RunnableModel
    from tui.grading.judge import Judge
    from tui.store.judgement_records import ModelProgress
    from tui.store.progress import Asked
    from tui.store.records import ModelKey

State = Literal["none", "working", "failed", "open", "judged"]


class Cell(NamedTuple):
    """The state of one model's response to an item."""

    state: State
    given: Given | None = None


class Progress(NamedTuple):
    judged: int
    total: int


class Overview:
    """The cost of one item does not grow with the database. Counting all of them does, once, in a thread;
    what is judged meanwhile is added."""

    def __init__(self, store: Store, live: LiveResponses, judge: Judge) -> None:
        self._store = store
        self._live = live
        self._judge = judge
        self._judged: set[Asked] | None = None
        self._since: dict[Asked, bool] = {}
        """True for the judged ones among those looked at since counting began."""
        self._counted: tuple[Sequence[Item], list[ModelKey]] = (), []
        """The items and the models that `_found` counts."""
        self._times: Counter[tuple[str, str]] = Counter()
        self._found = 0

    async def count_all(self, items: Sequence[Item]) -> None:
        """Raises StoreError."""
        tasks = {item.task.name: item.task for item in items}
        criteria = {name: task.rubric.criterion.name for name, task in tasks.items()}
        if grader := self._judge.id:
            self._judged = await asyncio.to_thread(_judged, self._store.path, grader, criteria)
        else:
            self._judged = set()
        for asked, is_judged in self._since.items():
            self._note(asked, is_judged)
        self._since.clear()

    def cells(self, item: Item) -> tuple[Cell, ...]:
        """One cell for each model, in the order of its slots."""
        stored = self._store.progress.of_prompt(*item.asked, self._judge.id, item.task.rubric.criterion.name)
        return tuple(self._cell(item, model, stored) for model in self._live.runnable_models)

    def missing(self, item: Item) -> int:
        """The number of models that have no whole answer to it and are not writing one."""
        stored = self._store.progress.of_prompt(*item.asked, self._judge.id, item.task.rubric.criterion.name)
        whole = {key for key, progress in stored.items() if progress.complete}
        models = self._live.runnable_models
        lacking = (model for model in models if self._live.key(model) not in whole)
        return sum(not ((live := self._live.peek(item, model)) and live.busy) for model in lacking)

    def note(self, item: Item, model: RunnableModel, *, is_judged: bool) -> None:
        """Count a decision about the response that is shown, made or taken back."""
        if key := self._live.key(model):
            self._note((*item.asked, *key), is_judged)

    def progress(self, items: Sequence[Item]) -> Progress | None:
        """The number of judged responses among all; None while the count is not known."""
        if self._judged is None:
            return None
        keys = [key for model in self._live.runnable_models if (key := self._live.key(model))]
        if items is not self._counted[0] or keys != self._counted[1]:
            self._counted = items, keys
            self._times = Counter(item.asked for item in items)
            judged = (self._times[task, prompt] for task, prompt, *key in self._judged if tuple(key) in keys)
            self._found = sum(judged)
        return Progress(self._found, len(items) * len(self._live.runnable_models))

    def _cell(self, item: Item, model: RunnableModel, stored: dict[ModelKey, ModelProgress]) -> Cell:
        key = self._live.key(model)
        cell = _stored(stored.get(key) if key else None)
        if key:
            self._note((*item.asked, *key), cell.state == "judged")
        live = self._live.peek(item, model)
        if live is not None and live.busy:
            return Cell("working")
        return Cell("failed") if live is not None and live.phase == "failed" else cell

    def _note(self, asked: Asked, is_judged: bool) -> None:
        if self._judged is None:
            self._since[asked] = is_judged
            return
        task, prompt, *key = asked
        if is_judged != (asked in self._judged) and tuple(key) in self._counted[1]:
            self._found += self._times[task, prompt] * (1 if is_judged else -1)
        (self._judged.add if is_judged else self._judged.discard)(asked)


def _stored(progress: ModelProgress | None) -> Cell:
    if progress is None:
        return Cell("none")
    if progress.kind is None:
        return Cell("open")
    return Cell("judged", Given(progress.level, progress.value))


def _judged(path: Path, grader: str, criteria: Mapping[str, str]) -> set[Asked]:
    """Each task's under its criterion of today; a task that has been given another is judged anew."""
    found: set[Asked] = set()
    with Store.open(path, create=False) as store:
        for criterion in {OVERALL, *criteria.values()}:
            of_any = store.progress.judged(grader, criterion)
            found |= {asked for asked in of_any if criteria.get(asked[0], OVERALL) == criterion}
    return found
