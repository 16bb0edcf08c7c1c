"""Priority between processes that generate on one machine: the app goes before batches without it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.engines.llama.sharing.presence import Activity, Presence

LOOKING_SECONDS = 0.25
THE_APP_IS_ANSWERING = "the app is answering"
MEMORY_IS_HELD_ELSEWHERE = "another llm-grader holds the memory"


class Priority:
    """`first` is the app's side of it; without a presence a process takes no notice of others.

    An engine that has nothing to do, or has to give way, gives its memory back to one that is short of it.
    """

    def __init__(self, presence: Presence | None = None, *, first: bool = False) -> None:
        self._presence = presence
        self._first = first
        self._wanting: set[str] = set()

    @property
    def has_others(self) -> bool:
        return self._presence is not None

    def show(self, *, generating: bool, holding: bool) -> None:
        """Show others whether there is anything to generate here, and any weights in memory."""
        if self._presence:
            self._presence.show("answering", self._first and generating)
            self._presence.show("holding", holding)

    @property
    def gives_way(self) -> bool:
        """True if nothing should begin here now."""
        return not self._first and self._elsewhere("answering")

    @property
    def memory_is_wanted(self) -> bool:
        return self._elsewhere("short")

    @property
    def memory_may_come(self) -> bool:
        return self._elsewhere("holding")

    async def look_again_later(self) -> None:
        await asyncio.sleep(LOOKING_SECONDS)

    def want_memory(self, who: str, wants: bool) -> None:
        """Show others that somebody here waits, as long as anybody does."""
        (self._wanting.add if wants else self._wanting.discard)(who)
        if self._presence:
            self._presence.show("short", bool(self._wanting))

    def _elsewhere(self, activity: Activity) -> bool:
        return self._presence is not None and self._presence.elsewhere(activity)
