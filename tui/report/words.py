"""Figures in words: the same in the terminal, on the screen and in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from msgspec.structs import replace

from tui.analysis.planning import LEAST_ITEMS, least_items
from tui.report.phrases import later
from tui.report.planning_words import needed
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.analysis.differences import Difference, Rank
    from tui.analysis.judged import Measure
    from tui.analysis.models import Answered, Figure, ModelFigures
    from tui.analysis.results import CriterionFigures, Look, Results

CANNOT_TELL: Final = "cannot tell apart"
INTERVALS: Final = (
    "Each figure has its interval of 95 %: it speaks of items like these, not of other graders."
)
RANKS: Final = "rank: the places that a model could have among those compared."
ONE_ITEM: Final = "one item"
_MOST_NAMED: Final = 4
_ALIKE: Final = 1e-9

MEASURE_WORDS: Final = {
    "strict": "share of answers with the best level",
    "lenient": "share of answers that have not the worst level",
    "mean": "mean of the levels' values, 0 to 1",
}

LOOKED_INTO: Final = {
    "results": "Results",
    "report": "Reports",
    "export": "Copies with the names",
    "others": "Grades of others beside those",
}


class Spread(Protocol):
    """A figure with its interval."""

    @property
    def estimate(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def decimal(value: float) -> str:
    """A share with two digits: `0.83`. Next to nothing is `0.00`, on whichever side."""
    return f"{round(value, 2) + 0:.2f}"


def signed(of: Spread) -> str:
    """A difference, or what else is 0 where there is nothing: `+0.42 [-0.10, +0.93]`."""
    estimate, low, high = (f"{round(each, 2) + 0:+.2f}" for each in (of.estimate, of.low, of.high))
    return f"{estimate} [{low}, {high}]"


def ends(low: float, high: float) -> str:
    """The interval: `[0.60, 0.95]`."""
    return f"[{decimal(low)}, {decimal(high)}]"


def figure(of: Figure) -> str:
    """`0.83 [0.60, 0.95]`. A single item has no interval: it says nothing of others."""
    return f"{decimal(of.estimate)} {ends(of.low, of.high) if of.items > 1 else ONE_ITEM}"


def drawn(of: Figure) -> tuple[float, float, float]:
    """Low, estimate and high of its bar, which of a single item is a point."""
    return (of.low, of.estimate, of.high) if of.items > 1 else (of.estimate,) * 3


def p_value(p: float) -> str:
    """`p = 0.031`; below a thousandth `p < 0.001`."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def rank(of: Rank) -> str:
    """`1`, or the range `1-3`."""
    return str(of.first) if of.first == of.last else f"{of.first}-{of.last}"


def difference(of: Difference) -> str:
    """Which of two is better, or that they cannot be told apart, with the figure that says so: that of the
    higher one, which comes first, less that of the other."""
    of = upwards(of)
    size = signed(of)
    items = counted(of.items, "item")
    if of.corrected_p is None:
        return f"{of.first} less {of.second}: {size}, {items}, exploratory"
    told = f"{size}, {items}, {p_value(of.corrected_p)}"
    if not of.is_significant:
        return f"{of.first} and {of.second}: {CANNOT_TELL} ({told})"
    return f"{of.first} is better than {of.second} ({told})"


def upwards(of: Difference) -> Difference:
    """The same difference, of the model with the higher figure less the other."""
    if of.estimate >= 0:
        return of
    turned = {"estimate": -of.estimate, "low": -of.high, "high": -of.low}
    return replace(of, first=of.second, second=of.first, **turned)


def headline(of: CriterionFigures) -> str:
    """What the comparison of models comes to, in a sentence or two; where there is none, the one figure."""
    ordered = best_first([each for each in of.models if not each.is_printed] or of.models)
    if not ordered:
        return "Nothing that counts was judged."
    comparison = of.comparison
    if comparison is None:
        return f"{ordered[0].model}: strict {figure(ordered[0].strict)}."
    if not comparison.items:
        return "No item has a judgement of every model, so that they are not compared."
    if not comparison.is_tested:
        return _highest(ordered)
    told = [each for each in comparison.differences if each.is_significant]
    pairs = len(comparison.differences)
    if pairs == 1:
        only = upwards(comparison.differences[0])
        if told:
            return f"{only.first} is better than {only.second}."
        return f"{only.first} and {only.second} cannot be told apart."
    if not told:
        return f"No two of {len(comparison.ranks)} models can be told apart."
    return f"{_first(comparison.ranks)} {len(told)} of {pairs} pairs can be told apart."


def _highest(ordered: Sequence[ModelFigures]) -> str:
    """The one with the highest figure, or those."""
    best = ordered[0].strict.estimate
    names = [each.model for each in ordered if abs(each.strict.estimate - best) < _ALIKE]
    if len(names) == 1:
        return f"Highest, {names[0]}: strict {figure(ordered[0].strict)}."
    which = ", ".join(names) if len(names) <= _MOST_NAMED else f"each of {len(names)} models"
    return f"Highest, {which}: strict {decimal(best)}."


def _first(ranks: Sequence[Rank]) -> str:
    """Who could be the best."""
    names = [each.model for each in ranks if each.first == 1]
    of = f"of {len(ranks)} models"
    if len(names) == 1:
        is_it = next(each for each in ranks if each.model == names[0]).last == 1
        return f"{names[0]} is the best {of}." if is_it else f"{names[0]} may be the best {of}."
    if len(names) > _MOST_NAMED:
        return f"Each of {len(names)} {of} could be the best."
    return f"{', '.join(names[:-1])} or {names[-1]} could be the best {of}."


def best_first(models: Sequence[ModelFigures], measure: Measure = "strict") -> list[ModelFigures]:
    """By what was measured; those with the same figure by name."""
    return sorted(models, key=lambda each: (-each.of(measure).estimate, each.model))


def measure(of: Measure, levels: Sequence[str] = ()) -> str:
    """What is measured, with the label of the level where items have one scale."""
    level = {"strict": levels[-1:], "lenient": levels[:1], "mean": ()}[of]
    return f"{of}: {MEASURE_WORDS[of]}{''.join(f', “{each}”' for each in level)}"


def comparison_notes(of: CriterionFigures) -> Iterator[str]:
    """What to know before the models of a criterion are compared."""
    printed = [each.model for each in of.models if each.is_printed]
    if printed and len(printed) < len(of.models):
        yield f"Printed answers are compared with one another only, not here: {', '.join(printed)}."
    comparison = of.comparison
    if comparison is None:
        return
    compared = {name for each in comparison.differences for name in (each.first, each.second)}
    models = len(compared)
    if not comparison.items:
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
    if comparison.is_tested and models > 2:
        pairs = len(comparison.differences)
        yield f"Each p is corrected for {pairs} comparisons (Holm), and decides; the intervals are not."
    if comparison.items < LEAST_ITEMS:
        yield f"Under {LEAST_ITEMS} items these intervals are wide: they hold in 93 to 100 of 100 cases."
    if comparison.needed:
        yield needed(comparison.needed)


def skipped(of: ModelFigures) -> str:
    """How far the skips could move a figure; empty where there are none."""
    if not of.skipped:
        return ""
    return (
        f"{of.model}: {of.skipped} skipped, strict between {decimal(of.if_worst)} and {decimal(of.if_best)}"
    )


def broken(of: Sequence[ModelFigures]) -> str:
    """How many judgements are of broken answers; empty where there are none."""
    told = ", ".join(f"{each.model} {each.broken}" for each in of if each.broken)
    return f"Judgements of answers that are empty or ran to their limit: {told}." if told else ""


def missing(of: CriterionFigures) -> Iterator[str]:
    """What is no grade, or of no whole answer."""
    yield from filter(None, (broken(of.models), *map(skipped, of.models)))
    has_figure = {each.model for each in of.models}
    cells = [cell for item in of.items for cell in item.cells if cell.model not in has_figure]
    for model in sorted({each.model for each in cells}):
        many = sum(len(each.levels) for each in cells if each.model == model)
        yield f"{model}: {many} skipped and none graded, so that it has no figure"


def ended(of: Answered) -> str:
    """Answers that broke or are missing; empty where there are none."""
    broke = {
        "empty": of.empty, "ran to the limit": of.at_limit, "failed": of.failed, "stopped": of.cancelled,
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
    yield from later(of.later)
    yield from looks(of.looks)
    if of.filters:
        yield "Only a part is shown, by the filters."
    if of.kinds:
        yield f"Seed of the intervals: {of.seed}."


def looks(of: Sequence[Look]) -> Iterator[str]:
    """Of each session when it was looked into before its end."""
    found: dict[tuple[str, str, str, int], list[int]] = {}
    for each in (look for look in of if look.is_early):
        which = each.session, each.grader, LOOKED_INTO[each.into], each.planned
        found.setdefault(which, []).append(each.judged)
    for (_, grader, what, planned), judged in found.items():
        counts = ", ".join(map(str, judged))
        if len(judged) > _MOST_NAMED:
            counts = f"{judged[0]} to {judged[-1]} ({len(judged)} times)"
        yield f"{what} of a session of {grader} were looked at when {counts} of {planned} were judged."
