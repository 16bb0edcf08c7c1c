"""A grader's decisions and their results."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from tui.store.ids import now

if TYPE_CHECKING:
    from tui.catalogue.rubric import Level
    from tui.store.judgement_records import JudgementRecord


class Grade(NamedTuple):
    level: Level


class Skip(NamedTuple):
    """Go on without a level. A response that has a judgement keeps it."""


class Note(NamedTuple):
    """A text beside whatever judgement there is, in place of an earlier one; empty to take that away."""

    text: str


Decision = Grade | Skip | Note


class Shown(NamedTuple):
    """The time when a response came into view, by the world's clock and by one that nobody sets."""

    at: str
    since: float

    @classmethod
    def now(cls) -> Shown:
        return cls(now(), monotonic())

    @property
    def seconds(self) -> float:
        return monotonic() - self.since


class Change(NamedTuple):
    """The result of a decision: the judgement, if one was written, and where to go now.

    `slot` is the id of the next one to judge on this sheet; else `place` is that of the next item; both are
    None where there is nothing more to go to.
    """

    judgement: JudgementRecord | None
    slot: int | None
    place: int | None


class Found(NamedTuple):
    """The place of a judgement's item and the id of its slot, None where that is not shown."""

    place: int | None
    slot: int | None
