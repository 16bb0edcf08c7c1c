"""The least time between two decisions."""

from __future__ import annotations

from math import inf

LEAST_SECONDS = 0.15
"""Nobody decides twice in less: what comes faster is a held key, or an unmarked paste."""


MOST_LATE = 0.1
"""The most seconds by which an earlier key may have arrived before it was noticed."""


class Pace:
    """It goes by when keys arrived, not by when the app handled them: a busy app drops none typed at
    leisure, and takes no more of a burst."""

    def __init__(self, least_seconds: float = LEAST_SECONDS) -> None:
        self.least_seconds = least_seconds
        self._last, self._late = -inf, 0.0
        self._told = False

    def allows(self, arrived: float, late: float = 0.0) -> bool:
        """True if a decision that arrived then counts. Each one puts off the next, even if it did not count.

        It may have arrived `late` seconds before, and is given the benefit of the doubt.
        """
        gap = abs(arrived - self._last)
        if gap > 0:  # not read at once with the one before
            gap += self._late
        self._last, self._late = arrived, min(late, MOST_LATE)
        if gap >= self.least_seconds:
            self._told = False
            return True
        return False

    def is_news(self) -> bool:
        """True the first time that this is asked of a burst."""
        told, self._told = self._told, True
        return not told
