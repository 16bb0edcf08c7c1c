"""A grader's habits: associations between how an answer was shown and what it was given."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

HabitName = Literal[
    "longer answers", "shown first", "later", "quick", "names itself", "rows unread", "left of a pair"
]

BY_CHANCE: Final = "Associations, not verdicts: of seven intervals some show something by chance."


class Habit(Struct, frozen=True, kw_only=True):
    """A difference from -1 to 1, with its interval over items; 0 is none."""

    name: HabitName
    estimate: float
    low: float
    high: float
    items: int

    @property
    def shows(self) -> bool:
        return self.low > 0 or self.high < 0


class SameText(Struct, frozen=True, kw_only=True):
    """Answers to one item that say the same and were graded differently."""

    item: str
    answers: tuple[tuple[str, str, str], ...]
    """Each one's response id, model and level."""


class Guesses(Struct, frozen=True, kw_only=True):
    """Guesses of who wrote an answer, in blind sessions."""

    right: int
    asked: int
    by_chance: float
    """How many of them are right on average where one guesses by lot."""
    low: float
    high: float
    """Wilson's interval of the share of right ones."""


class Controls(Struct, frozen=True, kw_only=True):
    """Known answers among a session's."""

    right: int
    judged: int


class GraderHabits(Struct, frozen=True, kw_only=True):
    """One grader by one criterion."""

    grader: str
    criterion: str
    judgements: int
    median_seconds: float | None
    habits: tuple[Habit, ...]
    same_text: tuple[SameText, ...]
    guesses: Guesses | None
    controls: Controls | None
