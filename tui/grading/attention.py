"""The time that a grader gives to answers: when one came into view, and how long a decision took."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from tui.store.ids import now

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE_SECONDS = 120.0
"""The most that a pause without any key, click or wheel counts for: after that nobody is reading."""


class CameIntoView(NamedTuple):
    """A moment, by the world's clock and by the attention's."""

    at: str
    active: float


class Attention:
    """A clock of active seconds. Nobody sets it, and it stands still in long pauses."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._acted = clock()
        self._before = 0.0
        """Active seconds up to the last act."""
        self._decided = 0.0
        self.is_given = False
        """True once the person did something."""

    @property
    def active(self) -> float:
        return self._before + min(self._clock() - self._acted, IDLE_SECONDS)

    def act(self) -> None:
        """Note that the person did something: a key, a click, a wheel."""
        self.is_given = True
        self._before = self.active
        self._acted = self._clock()

    def came_into_view(self) -> CameIntoView:
        return CameIntoView(now(), self.active)

    def seconds_since(self, moment: CameIntoView) -> float:
        """Active seconds since then, or since the decision before this one, if that was later."""
        return self.active - max(moment.active, self._decided)

    def decide(self) -> None:
        """Note that a decision was written: the next one's time begins."""
        self._decided = self.active
