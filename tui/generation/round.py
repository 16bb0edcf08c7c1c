"""A round: every model answers every item, one item after another."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from tui.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.catalogue.item import Item

_RETRY_SECONDS = 1.0


class Round:
    """The items that are still to be begun. The next begins when no answer is being written any more."""

    def __init__(self, run: Callable[[Item], object], is_writing: Callable[[], bool]) -> None:
        """`run` starts the missing answers to an item, and may raise StoreError."""
        self._run = run
        self._is_writing = is_writing
        self._waiting: deque[Item] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def begin(self, items: Iterable[Item]) -> None:
        self._waiting = deque(items)
        self.go_on()

    def stop(self) -> None:
        self._waiting.clear()

    def go_on(self) -> None:
        """Begin the next item, if it is time. While the database cannot be read, it is tried again."""
        while self._waiting and not self._is_writing():
            try:
                self._run(self._waiting[0])
            except StoreError:
                asyncio.get_running_loop().call_later(_RETRY_SECONDS, self.go_on)
                return
            self._waiting.popleft()
