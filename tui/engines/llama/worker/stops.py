"""Stop texts: an answer ends before the earliest one in it, however its text arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class StopMatcher:
    """Passes text through, holding back what may still become a stop text.

    The work for each piece of text grows with the piece and the longest stop, not with the answer.
    """

    def __init__(self, stops: Iterable[str]) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._longest = max(map(len, self._stops), default=0)
        self._held = ""
        self.stopped = False

    def feed(self, text: str) -> str:
        """The text that is certain by now. Once `stopped` is true nothing more follows."""
        if self.stopped:
            return ""
        self._held += text
        whole, begun = self._first_whole(), self._first_begun()
        # A stop that began earlier may still complete and cut the answer before this one.
        if whole is not None and (begun is None or whole <= begun):
            self.stopped = True
            return self._release(whole)
        return self._release(len(self._held) if begun is None else begun)

    def finish(self) -> str:
        """The rest, now that no more text comes."""
        whole = self._first_whole()
        self.stopped = self.stopped or whole is not None
        rest = self._release(len(self._held) if whole is None else whole)
        self._held = ""
        return rest

    def _first_whole(self) -> int | None:
        found = (self._held.find(stop) for stop in self._stops)
        return min((start for start in found if start >= 0), default=None)

    def _first_begun(self) -> int | None:
        length = len(self._held)
        for start in range(max(0, length - self._longest + 1), length):
            rest = self._held[start:]
            if any(len(stop) > len(rest) and stop.startswith(rest) for stop in self._stops):
                return start
        return None

    def _release(self, end: int) -> str:
        text, self._held = self._held[:end], "" if self.stopped else self._held[end:]
        return text
