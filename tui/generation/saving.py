"""Answers on their way into the database, which may not let them in at once."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from tui.errors import GraderError, StoreBlockedError, StoreBusyError, StoreError
from tui.store import rescue
from tui.store.records import Recorded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tui.engines.base import EngineEvent
    from tui.store.database import Store
    from tui.store.records import ResponseRecord

T = TypeVar("T")

RETRY_SECONDS = 0.2
RETRY_BLOCKED_SECONDS = 0.5
LEAVING_SECONDS = 2.0
"""The time for which the program, once it is to end, goes on trying."""
LAST_SECONDS = 0.5
_BUSY = "another program is writing to the database"


class NotSaved(Struct, frozen=True):
    """An event: the answer is whole and kept in memory, but not in the database yet."""

    why: str


class Saver:
    """Stores answers in the order in which they ended, and never waits on the event loop.

    `on_blocked` is called when the database takes nothing until a person has seen to it.
    """

    def __init__(self, store: Store, *, on_blocked: Callable[[StoreError], None] = lambda _: None) -> None:
        self.why = ""
        self._store = store
        self._on_blocked = on_blocked
        self._waiting: deque[tuple[Recorded, asyncio.Future[bool]]] = deque()
        self._unsaved: list[Recorded] = []
        self._retrying: asyncio.Task[None] | None = None
        self._leaving = self._given_up = False

    def save(self, recorded: Recorded) -> asyncio.Future[bool]:
        """Done at once where the database lets it in. False when it was given up; StoreError when the
        database will never take it."""
        saved: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((recorded, saved))
        self._attempt()
        return saved

    async def stored(
        self, events: AsyncIterator[EngineEvent | Recorded]
    ) -> AsyncIterator[EngineEvent | NotSaved | ResponseRecord]:
        """The events of a generation as they come, and last its response, as soon as it is stored; `NotSaved`
        before it, while the database does not let it in."""
        async for event in events:
            if not isinstance(event, Recorded):
                yield event
                continue
            saved = self.save(event)
            if not saved.done():
                yield NotSaved(self.why)
            if await saved:
                yield event.response

    async def when_free(self, write: Callable[[], T], say: Callable[[str], None]) -> T:
        """Call `write` once no other program is writing, and return its result; `say` gets why not yet."""
        while True:
            try:
                with self._store.without_waiting():
                    return write()
            except StoreBusyError:
                if self._leaving:
                    raise
                say(_BUSY)
            await asyncio.sleep(RETRY_SECONDS)

    def leave_soon(self) -> None:
        """Give up before long."""
        if not self._leaving:
            self._leaving = True
            asyncio.get_running_loop().call_later(LEAVING_SECONDS, self.give_up)

    def give_up(self) -> None:
        """Let nobody wait any more. What is not saved is kept for `finish`."""
        self._leaving = self._given_up = True
        self._attempt()

    def finish(self) -> str:
        """Try once more, then put what is left into a file. A line on what is not in the database."""
        self.give_up()
        unsaved, self._unsaved = deque(self._unsaved), []
        refused = []
        try:
            self._store.wait_at_most(LAST_SECONDS)
            while unsaved:
                if reason := self._refusal(unsaved[0]):
                    self.why = reason
                    refused.append(unsaved[0])
                unsaved.popleft()
        except StoreError as error:
            self.why = _reason(error)
        left = [*refused, *unsaved]
        return self._keep(left) if left else ""

    def _refusal(self, recorded: Recorded) -> str:
        """The reason why this one cannot be stored, while others can; empty once it is stored."""
        try:
            self._store.responses.add(recorded)
        except (StoreBusyError, StoreBlockedError):
            raise
        except StoreError as error:
            return _reason(error)
        return ""

    def _keep(self, left: list[Recorded]) -> str:
        count = f"{len(left)} {'answer is' if len(left) == 1 else 'answers are'} not in the database"
        try:
            file = rescue.keep(left, self._store.path)
        except (OSError, GraderError) as error:
            names = ", ".join(_name(each) for each in left)
            return f"{count} and lost, since no file can be written either ({error}): {names}."
        return f"{count} ({self.why}): kept in {file}; the next start takes them in."

    def _attempt(self) -> None:
        while self._waiting:
            recorded, saved = self._waiting[0]
            try:
                with self._store.without_waiting():
                    self._store.responses.add(recorded)
            except (StoreBusyError, StoreBlockedError) as error:
                self._note(error)
                break
            except StoreError as error:
                self._unsaved.append(recorded)
                _end(saved, error)
            else:
                _end(saved, True)
            self._waiting.popleft()
        if self._given_up:
            self._let_go()
        elif self._waiting and (self._retrying is None or self._retrying.done()):
            self._retrying = asyncio.create_task(self._retry())

    async def _retry(self) -> None:
        while self._waiting:
            await asyncio.sleep(RETRY_SECONDS if self.why == _BUSY else RETRY_BLOCKED_SECONDS)
            self._attempt()

    def _let_go(self) -> None:
        while self._waiting:
            recorded, saved = self._waiting.popleft()
            self._unsaved.append(recorded)
            _end(saved, False)

    def _note(self, error: StoreError) -> None:
        self.why = _reason(error)
        if isinstance(error, StoreBlockedError):
            self._on_blocked(error)


def _reason(error: StoreError) -> str:
    return _BUSY if isinstance(error, StoreBusyError) else str(error).rstrip(".")


def _end(saved: asyncio.Future[bool], outcome: bool | StoreError) -> None:
    if saved.done():  # whoever waited is gone
        return
    if isinstance(outcome, StoreError):
        saved.set_exception(outcome)
    else:
        saved.set_result(outcome)


def _name(recorded: Recorded) -> str:
    response = recorded.response
    return f"{response.model} {response.task}/{response.prompt_number}"
