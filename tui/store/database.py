"""The store: one connection to the database, and an object for each thing that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tui.store import rescue
from tui.store.claims import Claims
from tui.store.connection import Connection
from tui.store.graders import Graders
from tui.store.history import History
from tui.store.imported_items import ImportedItems
from tui.store.items import OwnItems
from tui.store.judgements import Judgements
from tui.store.known_answers import KnownAnswers
from tui.store.models import Models
from tui.store.opening import connect
from tui.store.outcomes import Outcomes
from tui.store.pairs import Pairs
from tui.store.progress import Progress
from tui.store.responses import Responses
from tui.store.sessions import Sessions
from tui.store.stored_items import StoredItems

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.catalogue.task import Task
    from tui.store.opening import Opened

DEFAULT_TIMEOUT = 5.0


class Store(Connection):
    """The open database, for the thread that opened it. Methods raise StoreError when it cannot be read or
    written."""

    def __init__(self, opened: Opened, path: Path) -> None:
        super().__init__(opened, path)
        self.responses = Responses(self)
        self.claims = Claims(self)
        self.models = Models(self)
        self.known_answers = KnownAnswers(self)
        self.items = StoredItems(self)
        self.own_items = OwnItems(self)
        self.imported_items = ImportedItems(self)
        self.graders = Graders(self)
        self.sessions = Sessions(self, self.graders)
        self.judgements = Judgements(self)
        self.history = History(self)
        self.progress = Progress(self)
        self.outcomes = Outcomes(self)
        self.pairs = Pairs(self)

    @classmethod
    def open(cls, path: Path, *, create: bool = True, timeout: float = DEFAULT_TIMEOUT) -> Self:
        """Open the database at `path`, make it with its folders if need be, and bring it up to date.

        Answers that could not be saved the last time are taken in. With create=False the file must exist, and
        one that cannot be written is opened for reading. `timeout` is how many seconds to wait for another
        process that is writing.
        """
        store = cls(connect(path, create=create, timeout=timeout), path)
        if create:
            rescue.take_in(store, store.responses)
        return store

    def all_tasks(self, of_files: Iterable[Task]) -> tuple[Task, ...]:
        """The tasks of files, the imported ones, and last the person's own, which may have no prompt."""
        return (*self.imported_items.beside(of_files), self.own_items.task())

    def close(self) -> None:
        super().close()
        self.claims.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
