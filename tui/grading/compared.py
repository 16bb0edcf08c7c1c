"""An item of which two answers are compared: which is better, in place of how good each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from tui.catalogue.item import Item
from tui.catalogue.rubric import OVERALL, Criterion, Level, Rubric

if TYPE_CHECKING:
    from tui.store.judgement_records import Side

LEFT, RIGHT = "left", "right"
SIDES: Final = (LEFT, RIGHT)
"""The names of two answers beside each other."""


class Choice(Level, frozen=True, kw_only=True):
    """What can be said of two answers. It has no value: a level of an answer has one."""

    value: float = 0.0


CHOICES: Final = (
    Choice(label=LEFT, anchor="the left answer is better"),
    Choice(label=RIGHT, anchor="the right answer is better"),
    Choice(label="equal", anchor="both are as good"),
    Choice(label="both bad", anchor="neither is of any use"),
)


def _rubric(*, shows_expected: bool) -> Rubric:
    question = "Which answer is better?"
    criterion = Criterion(name=OVERALL, question=question, levels=CHOICES, shows_expected=shows_expected)
    return Rubric(criteria=(criterion,))


_RUBRICS: Final = {shows: _rubric(shows_expected=shows) for shows in (True, False)}


class Compared(Item):
    """An item whose rubric asks about a pair. What a good answer is says `standard`."""

    __slots__ = ()

    @property
    def criteria(self) -> frozenset[str]:
        return frozenset((OVERALL,))

    @property
    def rubric(self) -> Rubric:
        """The correct answer is hidden where one of the task's criteria hides it."""
        return _RUBRICS[all(criterion.shows_expected for criterion in self.standard.criteria)]

    @property
    def standard(self) -> Rubric:
        return self.alone.rubric

    @property
    def alone(self) -> Item:
        """The item as its answers are graded one by one, and as it is stored."""
        return Item(*self)


def side_of(level: Level, place: int) -> Side:
    """What is stored of a choice, where the answer with the smaller id stood at that place, 1 for left."""
    if level.label not in SIDES:
        return cast("Side", level.label)
    return "response" if (level.label == LEFT) == (place == 1) else "other"
