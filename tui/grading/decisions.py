"""A grader's decisions and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tui.catalogue.rubric import Level
    from tui.grading.as_given import Lesson
    from tui.grading.judged import Judged
    from tui.grading.queue import Target
    from tui.store.judgement_records import JudgementRecord


class Grade(NamedTuple):
    level: Level
    criterion: str = ""
    """The criterion's name; empty for the first one, which is the only one of most rubrics."""


class Skip(NamedTuple):
    """Go on without a level. A response that has a judgement by this criterion keeps it."""

    criterion: str = ""


class Note(NamedTuple):
    """A text beside whatever judgement there is, in place of an earlier one; empty to take that away."""

    text: str


class Flag(NamedTuple):
    """A mark with its reason, for whoever looks at the response again; empty to take it away."""

    text: str


Decision = Grade | Skip | Note | Flag


def changes_nothing(decision: Decision, before: Judged, criterion: str) -> bool:
    """True if that stands already; what names no criterion is about this one."""
    match decision:
        case Skip(criterion=named):
            return (named or criterion) in before.given
        case Note(text=text):
            return text == before.note
        case Flag(text=text):
            return text == before.flag
    return False


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
    """The result of a decision: the judgement, if one was written, and what to judge next; None where all is
    judged, and after a note or a flag, which leave a grader where they are; and in practice the lesson."""

    judgement: JudgementRecord | None
    next: Target | None
    lesson: Lesson | None = None
