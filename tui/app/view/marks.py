"""The one-character marks that stand for a state or a grade; never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.grading.overview import Cell
    from tui.grading.sheet import Given, Slot

NO_ANSWER, WORKING, UNGRADED, SKIPPED, FAILED = "·", "…", "○", "–", "!"
BEST, MIDDLE, WORST = "✓", "~", "✗"
FLAG = "⚑"

LEGEND = (
    (NO_ANSWER, "no answer yet"),
    (WORKING, "being answered"),
    (UNGRADED, "answered, not graded"),
    (BEST, "graded with the best level"),
    (MIDDLE, "graded in between"),
    (WORST, "graded with the worst level"),
    (SKIPPED, "skipped"),
    (FAILED, "failed"),
    (FLAG, "flagged, at the head of an answer and in the history"),
    ("3/40", "so many of all judged, where there is no room for each"),
)

MUTED = "$text-muted"

Mark = tuple[str, str]
"""A mark and its style."""


def grade_mark(value: float | None) -> str:
    if value is None:
        return SKIPPED
    if value >= 1.0:
        return BEST
    return WORST if value <= 0.0 else MIDDLE


def grade_style(value: float | None) -> str:
    return {BEST: "$text-success", MIDDLE: "$text-warning", WORST: "$text-error"}.get(
        grade_mark(value), MUTED
    )


def grade_word(given: Given) -> str:
    return "skipped" if given.level is None else given.level


def cell_mark(cell: Cell) -> Mark:
    if cell.given is not None:
        return grade_mark(cell.given.value), grade_style(cell.given.value)
    return {
        "none": (NO_ANSWER, MUTED),
        "working": (WORKING, "$text-primary"),
        "failed": (FAILED, "$text-error"),
    }.get(cell.state, (UNGRADED, ""))


def slot_mark(slot: Slot) -> str:
    if slot.busy:
        return WORKING
    if slot.phase == "failed":
        return FAILED
    if slot.given is not None:
        return grade_mark(slot.given.value)
    return UNGRADED if slot.reading else NO_ANSWER
