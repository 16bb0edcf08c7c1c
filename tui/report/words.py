"""Figures in words: the same in the terminal, on the screen and in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.analysis.planning import least_items
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.differences import Difference, Rank
    from tui.analysis.models import Answered, Figure, ModelFigures
    from tui.analysis.planning import Needed
    from tui.analysis.results import CriterionFigures, Results

CANNOT_TELL: Final = "cannot tell apart"

MEASURE_WORDS: Final = {
    "strict": "share of answers with the best level",
    "lenient": "share of answers that have not the worst level",
    "mean": "mean of the levels' values, 0 to 1",
}


def decimal(value: float) -> str:
    """A share with two digits: `0.83`."""
    return f"{value:.2f}"


def ends(low: float, high: float) -> str:
    """The interval: `[0.60, 0.95]`."""
    return f"[{decimal(low)}, {decimal(high)}]"


def figure(of: Figure) -> str:
    return f"{decimal(of.estimate)} {ends(of.low, of.high)}"


def p_value(p: float) -> str:
    """`p = 0.031`; below a thousandth `p < 0.001`."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def rank(of: Rank) -> str:
    """`1`, or the range `1-3`."""
    return str(of.first) if of.first == of.last else f"{of.first}-{of.last}"


def difference(of: Difference) -> str:
    """Which of two is better, or that they cannot be told apart, with the figure that says so."""
    size = f"{of.estimate:+.2f} [{of.low:+.2f}, {of.high:+.2f}]"
    items = counted(of.items, "item")
    if of.corrected_p is None:
        return f"{of.first} less {of.second}: {size}, {items}, exploratory"
    told = f"{size}, {items}, {p_value(of.corrected_p)}"
    if not of.is_significant:
        return f"{of.first} and {of.second}: {CANNOT_TELL} ({told})"
    better, worse = (of.first, of.second) if of.estimate > 0 else (of.second, of.first)
    return f"{better} is better than {worse} ({told})"


def comparison_notes(of: CriterionFigures) -> Iterator[str]:
    """What to know before the models of a criterion are compared."""
    comparison = of.comparison
    if comparison is None:
        return
    compared = {name for each in comparison.differences for name in (each.first, each.second)}
    models = len(compared)
    if not comparison.items:
        yield "No item has a judgement of every model, so that they are not compared."
        return
    figures = [each for each in of.models if each.model in compared]
    most = max(each.strict.items for each in figures)
    if comparison.items < most:
        fewer = [f"{each.model} {each.strict.items}" for each in figures if each.strict.items < most]
        which = f" (of {most}; {', '.join(fewer)})" if fewer else f" (of {most})"
        yield f"Models are compared on the {counted(comparison.items, 'item')} that all of them have{which}."
    if not comparison.is_tested:
        yield "Exploratory: no p, no ranks. The differences of the main criterion, unfiltered, are tested."
    least = least_items(models)
    if comparison.items < least:
        yield (
            f"{counted(comparison.items, 'item')} cannot tell {models} models apart whatever they show:"
            f" {least} is the least, all of them differing one way."
        )
    elif comparison.is_tested:
        yield f"“{CANNOT_TELL.capitalize()}” does not mean equal."
    if comparison.needed:
        yield needed(comparison.needed)


def needed(of: Needed) -> str:
    """How many items find what, four times in five."""
    found = "no difference" if of.found >= 1 else f"a difference of {of.found * 100:.0f} points"
    return (
        f"With {counted(of.items, 'item')}, where the models differ on {of.differing:.0%} of them, {found}"
        f" would be found four times in five; to find 10 points about {of.for_ten_points:,} items are needed."
    )


def skipped(of: ModelFigures) -> str:
    """How far the skips could move a figure; empty where there are none."""
    if not of.skipped:
        return ""
    return (
        f"{of.model}: {of.skipped} skipped, strict between {decimal(of.if_worst)} and {decimal(of.if_best)}"
    )


def ended(of: Answered) -> str:
    """Answers that broke or are missing; empty where there are none."""
    broke = {
        "empty": of.empty, "ran to its limit": of.at_limit, "failed": of.failed, "stopped": of.cancelled,
        "to another question": of.asked_otherwise,
    }  # fmt: skip
    told = ", ".join(f"{count} {what}" for what, count in broke.items() if count)
    return f"{of.model}: of {counted(of.answers, 'answer')} {told}" if told else ""


def notes(of: Results) -> Iterator[str]:
    """What to know of all figures."""
    if of.blind_sessions:
        which = counted(len(of.blind_sessions), "blind session")
        yield f"Figures of what {which} asks come after the reveal, and are not among these."
    if of.asked_otherwise:
        yield f"{counted(len(of.asked_otherwise), 'answer')} to another question than the item's: left out."
    for each in of.looks:
        yield f"{each.grader} looked at {each.into} when {each.judged} of {each.planned} were judged."
    if of.filters:
        yield "Only a part is shown, by the filters."
