"""The pace of a session: the time of a decision, and what the rest takes."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.grading.overview import Progress

RECENT = 50
"""The last decisions, by which the pace is told."""


class Times:
    def __init__(self, seconds: Iterable[float]) -> None:
        self._recent = deque(seconds, maxlen=RECENT)

    def add(self, seconds: float | None) -> None:
        if seconds is not None:
            self._recent.append(seconds)

    @property
    def median(self) -> float | None:
        """Active seconds of a decision; None before there is one."""
        return median(self._recent) if self._recent else None

    def left(self, progress: Progress, decisions: int) -> float | None:
        """Seconds for all that is not judged, at so many decisions for each answer."""
        each = self.median
        return None if each is None else each * decisions * (progress.total - progress.judged)
