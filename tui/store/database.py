"""The store: everything the database can be told and asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from tui.store.grades import Grades
from tui.store.opening import connect
from tui.store.own_prompts import OwnPrompts
from tui.store.progress import Progress
from tui.store.responses import Responses

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_TIMEOUT = 5.0


class Store(Responses, Grades, Progress, OwnPrompts):
    """For the thread that opened it. Methods raise StoreError when the database cannot be read or written."""

    @classmethod
    def open(cls, path: Path, *, create: bool = True, timeout: float = DEFAULT_TIMEOUT) -> Self:
        """Open the database at `path`, make it with its folders if need be, and bring it up to date.

        With create=False the file must exist, and one that cannot be written is opened for reading.
        `timeout` is how many seconds to wait for another process that is writing.
        """
        return cls(connect(path, create=create, timeout=timeout), path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
