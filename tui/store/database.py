"""The store: everything the database can be told and asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tui.store import rescue
from tui.store.claims import Claims
from tui.store.grades import Grades
from tui.store.opening import connect
from tui.store.own_prompts import OwnPrompts
from tui.store.progress import Progress
from tui.store.responses import Responses

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_TIMEOUT = 5.0


class Store(Claims, Responses, Grades, Progress, OwnPrompts):
    """For the thread that opened it. Methods raise StoreError when the database cannot be read or written."""

    @classmethod
    def open(cls, path: Path, *, create: bool = True, timeout: float = DEFAULT_TIMEOUT) -> Self:
        """Open the database at `path`, make it with its folders if need be, and bring it up to date.

        Answers that could not be saved the last time are taken in. With create=False the file must exist, and
        one that cannot be written is opened for reading. `timeout` is how many seconds to wait for another
        process that is writing.
        """
        store = cls(connect(path, create=create, timeout=timeout), path)
        if create:
            rescue.take_in(store)
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
