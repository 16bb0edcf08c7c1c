"""Everything the screens work with, put together before they open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.item import OWN, items_of
from tui.generation.selection import find_runnable
from tui.grading.live_session import LiveSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tui.app.downloads import Downloads
    from tui.catalogue.item import Item
    from tui.catalogue.model import Model
    from tui.catalogue.own_prompt import OwnPrompt
    from tui.catalogue.rubric import Level
    from tui.catalogue.task import Task
    from tui.generation.live import LiveResponses
    from tui.grading.practice import Practice
    from tui.grading.session import Session
    from tui.store.database import Store

TITLE_LENGTH = 40
SCREEN_SECONDS = 0.2
"""The wait for another program that is writing; the screen stands still meanwhile."""


class Choice(NamedTuple):
    """Something that can be opened, with a sentence about it; `open` gives None where nothing is left."""

    title: str
    words: str
    open: Callable[[], AppContext | None]


class Opened(NamedTuple):
    """A context, or what there is to choose from first; and how the grader wants the app: a theme for every
    start, keys by binding id."""

    context: AppContext | None
    theme: str = ""
    keys: Mapping[str, str] = {}
    choices: Sequence[Choice] = ()


@dataclass
class AppContext:
    """A grader's session and the database that it is in."""

    title: str
    store: Store
    session: Session
    options: str = field(default="", kw_only=True)
    """What commands need to be about the same database, as a person types it."""
    as_grader: str = field(default="", kw_only=True)
    """What those by which somebody judges need, to be about the same grader, too."""
    practice: Practice | None = field(default=None, kw_only=True)
    """What there is to practise on before the session."""

    def __post_init__(self) -> None:
        self.store.wait_at_most(SCREEN_SECONDS)

    async def close(self) -> None:
        """Stop what runs; what was written and what was fetched so far stays."""

    @property
    def parting_words(self) -> str:
        """A line for the person, once this is closed, on what is not in the database."""
        return self.store.parting_word()

    def take_remarks(self) -> list[str]:
        """Lines on rows of the database that could not be read, since last asked."""
        return list(self.store.remarks.take())


@dataclass
class LiveContext(AppContext):
    """What it takes to have answers written, besides; `problems` say why catalogue models cannot run here.

    With `whole_catalogue` the grader named no models: each that can run gets a pane.
    """

    session: LiveSession
    tasks: tuple[Task, ...]
    live: LiveResponses
    downloads: Downloads
    problems: tuple[str, ...] = ()
    whole_catalogue: bool = False

    async def close(self) -> None:
        # Whoever goes on after a failure closes the store: so none shows before both have come to their end.
        ended = await asyncio.gather(self.live.close(), self.downloads.close(), return_exceptions=True)
        for failure in filter(None, ended):
            raise failure

    @property
    def parting_words(self) -> str:
        return self.live.parting_words

    def add_runnable(self) -> int:
        """Add the models that can run by now, after those that are there; how many came. None comes while
        the session is blind: a fresh pane would say whose it is."""
        if not self.whole_catalogue or self.session.blind:
            return 0
        fresh, _ = find_runnable(model for model in self.downloads.models if not self.has_pane(model))
        self.session.add_models(fresh)
        return len(fresh)

    def has_pane(self, model: Model) -> bool:
        return any(runnable.model.name == model.name for runnable in self.session.models)

    def answering(self, model_name: str) -> bool:
        return self.live.answering(model_name)

    def save_own_prompt(
        self, text: str, *, of: OwnPrompt | None = None, input_: str = "", levels: Iterable[Level] = ()
    ) -> int:
        """Store a new one, or another text of one that there is; its number. Its title is its first line,
        shortened. `read_items` puts it into the list."""
        first = text.strip().splitlines()[0]
        title = first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"
        if of is None:
            return self.store.own_items.add(title, text, input_=input_, levels=levels)
        self.store.own_items.edit(of.own_id, title, text, input_=input_, levels=levels)
        return of.number

    def remove_own_prompt(self, own: OwnPrompt) -> None:
        self.store.own_items.remove(own.own_id)

    def place_of_own(self, number: int) -> int:
        """Its place among the session's items; the present one where it is not there any more."""
        found = (OWN, number)
        places = (
            place
            for place, item in enumerate(self.session.items)
            if (item.task.name, item.prompt.number) == found
        )
        return next(places, self.session.place)

    def read_items(self) -> None:
        """Bring the session's items up to date with what was written."""
        self.session.set_items(all_items(self.tasks, self.store))


def live_context(
    *,
    title: str,
    tasks: tuple[Task, ...],
    store: Store,
    live: LiveResponses,
    grader: str,
    downloads: Downloads,
    problems: tuple[str, ...] = (),
    whole_catalogue: bool = False,
    options: str = "",
) -> LiveContext:
    """With a session of its own, over the catalogue and what the person wrote."""
    return LiveContext(
        title=title,
        store=store,
        session=LiveSession(all_items(tasks, store), live=live, store=store, grader=grader),
        tasks=tasks,
        live=live,
        downloads=downloads,
        problems=problems,
        whole_catalogue=whole_catalogue,
        options=options,
    )


def all_items(tasks: Iterable[Task], store: Store) -> list[Item]:
    """The catalogue's, those that were imported, then the person's own."""
    return [item for task in store.all_tasks(tasks) for item in items_of(task)]
