"""A grader's decisions and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


class Seen(NamedTuple):
    """The view in which a decision was made. None is not known."""

    place: int | None = None
    """The place of the response on the screen, 1 for the first."""
    at: str | None = None
    """When the response came into view, by the world's clock."""
    seconds: float | None = None
    """Seconds spent on the decision, by a clock that nobody sets."""
    in_view: int | None = None
    """Answers in view together."""
    saw_expected: bool | None = None
    """True if the correct answer was in view."""
    rows_unread: int | None = None
    """Rows of the answer that were never in view."""


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
