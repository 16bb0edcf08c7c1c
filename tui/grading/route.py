"""The way from item to item: where answers wait for a judgement, and where nothing is left to do."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from tui.grading.judged import Judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.grading.answers import Answers
    from tui.grading.judge import Judge

SECONDS_TO_LOOK = 0.1
"""The longest look for the next open item, before all are counted."""


class Route:
    """Places after one another and around the corner; with `stay` from the given one on, else after it."""

    def __init__(self, answers: Answers, judge: Judge) -> None:
        self._answers = answers
        self._judge = judge

    def next_place(self, start: int, *, stay: bool = False) -> int | None:
        """The next place where something is left to do, as far as that is known without reading: answers to
        be judged, and after this one also to be written."""

        def is_left(place: int) -> bool:
            return self._waits(place) if place < start else not self._is_done(place)

        return self._next(start, stay, is_left)

    def next_open(self, start: int, *, stay: bool = False) -> int | None:
        """The next place where an answer waits for a judgement."""
        end = monotonic() + SECONDS_TO_LOOK
        found = self._next(start, stay, lambda place: self._is_open(place) or monotonic() > end)
        return found if found is not None and self._is_open(found) else None

    def _next(self, start: int, stay: bool, wanted: Callable[[int], bool]) -> int | None:
        self._answers.progress()  # the count is of the items and models that there are now
        count = len(self._answers.items)
        order = ((start + step) % count for step in range(0 if stay else 1, count))
        return next((place for place in order if wanted(place)), None)

    def _is_done(self, place: int) -> bool:
        """True if every answer there is known to be judged."""
        found = self._answers.overview.of_place(place)
        return found is not None and 0 < found.counted == found.judged

    def _waits(self, place: int) -> bool:
        """True if some answer there is known to wait for a judgement."""
        found = self._answers.overview.of_place(place)
        return found is not None and found.judged < found.stored

    def _is_open(self, place: int) -> bool:
        """True if some answer there waits for a judgement. Reads it where that is not known."""
        if self._answers.overview.is_known:
            return self._waits(place)
        item = self._answers.items[place]
        state = self._judge.state(item, repeated=self._answers.repeats(place))
        ids = (id_ for key in self._answers.keys(place) for id_ in state.ids.get(key, ()))
        return any(not state.judged.get(id_, Judged()).is_whole(item.rubric) for id_ in ids)
