"""The rate at which bytes come, and its reports at a pace that a screen can draw."""

from __future__ import annotations

from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

from tui.weights.events import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.weights.control import Control

_BETWEEN = 0.1
"""Seconds: more often than a screen draws is of no use."""
_WINDOW = 5.0


def now_and_then(counts: Iterator[int], control: Control) -> Iterator[int]:
    """Give only as many counts as a screen can show, and the last. Raises StoppedError between any two."""
    told, count, given = -1.0, 0, 0
    for count in counts:
        control.raise_if_stopped()
        if monotonic() - told >= _BETWEEN:
            told, given = monotonic(), count
            yield count
    if count != given:
        yield count


class TransferRate:
    def __init__(self, done: int, size: int) -> None:
        self._size = size
        self._marks = deque([(monotonic(), done)])

    def due(self, done: int) -> Progress | None:
        now = monotonic()
        if now - self._marks[-1][0] < _BETWEEN and done < self._size:
            return None
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW:
            self._marks.popleft()
        begun, first = self._marks[0]
        rate = (done - first) / max(now - begun, 1e-6)
        return Progress(done, self._size, rate, (self._size - done) / rate if rate > 0 else None)
