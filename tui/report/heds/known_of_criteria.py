"""What the database answers of the datasheet's questions about one criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.catalogue.rubric import OVERALL
from tui.report import methods
from tui.report.agreement_words import agreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.analysis.agreement import Agreement, Between
    from tui.catalogue.rubric import Criterion
    from tui.report.heds.criteria import JudgedBy
    from tui.report.material import Material

_NOT_ASSESSED: Final = {"graders": "InterAA not assessed", "oneself": "IntraAA not assessed"}
_COEFFICIENTS: Final = {
    "alpha": "Krippendorff's alpha (ordinal)",
    "AC2": "Gwet's AC2, since nearly all have one level",
}
_BETWEEN: Final[tuple[tuple[Between, str], ...]] = (("graders", "4.3.11"), ("oneself", "4.3.12"))
_MOST_SHEETS: Final = 20


def known_of(criterion: JudgedBy, of: Material) -> Iterator[tuple[str, str]]:
    """Numbers of questions with answers as a person would write them."""
    yield from _scale(criterion)
    yield from _asked(criterion)
    yield "4.3.9", methods.WINS if criterion.in_pairs else methods.AGGREGATED
    yield "4.3.10", _compared(criterion, of)
    for between, number in _BETWEEN:
        found = [] if criterion.in_pairs else _agreements(criterion, of, between)
        yield f"{number}.1", _measured(found) or _NOT_ASSESSED[between]
        yield f"{number}.2", "; ".join(map(agreement, found)) or _NOT_ASSESSED[between]


def _scale(of: JudgedBy) -> Iterator[tuple[str, str]]:
    levels = of.criterion.levels
    values = (each.label if of.in_pairs else f"{each.label} ({each.value:g})" for each in levels)
    yield "4.2.2", "Relative" if of.in_pairs else "Absolute"
    yield "4.2.3", "Intrinsic"
    yield "4.3.3", str(len(levels))
    yield "4.3.4", ", ".join(values)
    yield "4.3.5", "Multiple-choice options"
    yield "4.3.6", "N/A"
    relative, direct = "Relative quality estimation (including ranking)", "Direct quality estimation"
    yield "4.3.8", relative if of.in_pairs else direct


def _asked(of: JudgedBy) -> Iterator[tuple[str, str]]:
    tasks = {each.item.task.title: each.item.task.description.strip() for each in of.items}
    told = [f"{title}: {text}" for title, text in tasks.items() if text]
    name = of.criterion.name
    yield "4.3.1.1", "no name given" if name == OVERALL else name
    yield "4.3.2", "\n\n".join(told) or "no definition given"
    yield "4.3.7", "\n".join(_sheet(of))


def _sheet(of: JudgedBy) -> Iterator[str]:
    """What stands on the sheet beside the answers."""
    if of.criterion.question:
        yield of.criterion.question
    of_items = _by_anchors(of)
    for criterion, names in list(of_items.items())[:_MOST_SHEETS]:
        if len(of_items) > 1:
            yield f"{', '.join(names)}:"
        yield from (f"{each.label}: {each.anchor}" for each in criterion.levels)
    if (more := len(of_items) - _MOST_SHEETS) > 0:
        yield f"{more} more are with their items in the report."


def _by_anchors(of: JudgedBy) -> dict[Criterion, list[str]]:
    """The names of items whose levels are earned alike. Those of pairs are the same everywhere."""
    if of.in_pairs:
        return {of.criterion: []}
    found: dict[Criterion, list[str]] = {}
    for item in of.items:
        for each in item.item.rubric.criteria:
            if each.name == of.criterion.name:
                found.setdefault(each, []).append(item.item.name)
    return found


def _compared(criterion: JudgedBy, of: Material) -> str:
    if criterion.in_pairs:
        return methods.WINS_COMPARED
    found = [
        each.comparison
        for kind in of.results.kinds
        for each in kind.criteria
        if kind.kind == "person" and each.criterion == criterion.criterion.name and each.comparison
    ]
    test = methods.COMPARED if any(each.is_tested for each in found) else methods.EXPLORATORY
    return f"{methods.intervals(of.results.seed)} {test}" if found else methods.intervals(of.results.seed)


def _agreements(criterion: JudgedBy, of: Material, between: Between) -> list[Agreement]:
    return [
        each
        for kind in of.results.kinds
        for each in kind.agreement
        if kind.kind == "person"
        and (each.between, each.criterion, each.levels)
        == (between, criterion.criterion.name, criterion.labels)
    ]


def _measured(found: list[Agreement]) -> str:
    if not found:
        return ""
    names = dict.fromkeys(_COEFFICIENTS[each.coefficient.name] for each in found if each.coefficient)
    return (
        f"{', and '.join(('The share of grades that are the same', *names))}, on answers that were graded"
        " twice or more; intervals of 95 % by the bootstrap over items."
    )
