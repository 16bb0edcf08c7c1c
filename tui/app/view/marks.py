"""The one-character marks that stand for a state or a grade; never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.grading.compared import Choice

if TYPE_CHECKING:
    from tui.catalogue.rubric import Level
    from tui.grading.overview import Cell
    from tui.grading.sheet import Given, Slot

NO_ANSWER, WORKING, UNGRADED, SKIPPED, FAILED = "·", "…", "○", "–", "!"
BEST, MIDDLE, WORST = "✓", "~", "✗"
FLAG = "⚑"
CHOSEN: Final = {"left": "◂", "right": "▸", "equal": "=", "both bad": "✗✗"}
"""Of a pair: which is better. None is of a colour, since neither side is a good or a bad one."""

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

LEGEND_OF_PAIRS: Final = (
    (UNGRADED, "not judged"),
    (CHOSEN["left"], "the left answer is better"),
    (CHOSEN["right"], "the right answer is better"),
    (CHOSEN["equal"], "both are equal"),
    (CHOSEN["both bad"], "both are bad"),
    (SKIPPED, "skipped"),
    (FLAG, "flagged, at the head of an answer and in the history"),
)

MUTED = "$text-muted"
_STYLES: Final = {BEST: "$text-success", MIDDLE: "$text-warning", WORST: "$text-error"}

Mark = tuple[str, str]
"""A mark and its style."""


def grade_mark(given: Given) -> str:
    if given.value is None:
        return CHOSEN.get(given.level or "", SKIPPED)
    return _value_mark(given.value)


def grade_style(given: Given) -> str:
    if given.value is None:
        return MUTED if given.level is None else ""
    return _STYLES[_value_mark(given.value)]


def level_mark(level: Level) -> str:
    return CHOSEN[level.label] if isinstance(level, Choice) else _value_mark(level.value)


def level_style(level: Level) -> str:
    return "" if isinstance(level, Choice) else _STYLES[_value_mark(level.value)]


def _value_mark(value: float) -> str:
    if value >= 1.0:
        return BEST
    return WORST if value <= 0.0 else MIDDLE


def grade_word(given: Given) -> str:
    return "skipped" if given.level is None else given.level


def cell_mark(cell: Cell) -> Mark:
    if cell.given is not None:
        return grade_mark(cell.given), grade_style(cell.given)
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
        return grade_mark(slot.given)
    return UNGRADED if slot.reading else NO_ANSWER
