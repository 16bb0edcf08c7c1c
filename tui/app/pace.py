"""How fast decisions may follow each other."""

from __future__ import annotations

from math import inf

LEAST_SECONDS = 0.15
"""Nobody decides twice in less: what comes faster is a held key, or an unmarked paste."""


class Pace:
    """By when keys arrived, not by when the app came to them: a busy app drops none that were typed at
    leisure, and takes no more of a burst."""

    def __init__(self, least_seconds: float = LEAST_SECONDS) -> None:
        self.least_seconds = least_seconds
        self._last = -inf
        self._told = False

    def allows(self, arrived: float) -> bool:
        """Whether a decision that arrived then counts. Each puts off the next, also if it did not count."""
        gap, self._last = abs(arrived - self._last), arrived
        if gap >= self.least_seconds:
            self._told = False
            return True
        return False

    def is_news(self) -> bool:
        """Whether this burst has not been told of; from now on it has."""
        told, self._told = self._told, True
        return not told
