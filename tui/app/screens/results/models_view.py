"""The figures of models as lines: intervals drawn one below the other, and how they compare."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.screens.results.cells import HIDDEN, OTHERS, hidden_totals
from tui.app.screens.results.drawing import LEAST_ITEMS, axis, figure_bar
from tui.app.screens.results.totals import ONE_ITEM
from tui.app.screens.results.wrapped import column, wrapped
from tui.report import words
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from tui.analysis.differences import Rank
    from tui.analysis.judged import Measure
    from tui.analysis.models import Figure, ModelFigures
    from tui.analysis.results import CriterionFigures, Results

FIGURE = 19
"""Cells of `0.83 [0.60, 0.95]` and a space."""
RANK, ITEMS = 6, 5
NAME_MOST, LEAST_BAR = 40, 12


def models_lines(
    of: CriterionFigures, results: Results, measure: Measure, width: int, judged: AbstractSet[str]
) -> Iterator[Content]:
    """All about one criterion. `judged` are the ids of responses whose grades the reader may see."""
    hidden = hidden_totals(of.items, judged)
    yield from wrapped(safe_line(HIDDEN if hidden else words.headline(of)), width, style="bold")
    yield from wrapped(safe_line(f"{words.measure(measure, of.levels)}. {words.INTERVALS}"), width)
    yield Content()
    ranks = {each.model: each for each in of.comparison.ranks} if of.comparison else {}
    yield from _plot("All items", of.models, measure, ranks if measure == "strict" else {}, width, hidden)
    yield from _section("To know", _to_know(of, results, hidden), width)
    if len(of.tasks) > 1:
        for task in of.tasks:
            hidden_here = hidden_totals((each for each in of.items if each.task == task.name), judged)
            yield from _plot(task.title, task.models, measure, {}, width, hidden_here)
    if of.comparison and not hidden:
        pairs = map(words.difference, of.comparison.differences)
        yield from _section("Each two models, by the strict measure", pairs, width)


def _plot(
    title: str,
    models: Sequence[ModelFigures],
    measure: Measure,
    ranks: dict[str, Rank],
    width: int,
    hidden: AbstractSet[str],
) -> Iterator[Content]:
    """A line for each model: name, interval, figure, rank, items. Hidden ones come last, by name."""
    fixed = FIGURE + ITEMS + (RANK if ranks else 0)
    name = min(
        max((len(each.model) for each in models), default=0), NAME_MOST, max(width - fixed - LEAST_BAR - 3, 8)
    )
    bar = max(width - name - fixed - 3, LEAST_BAR)
    rank = f"{'rank':<{RANK}}" if ranks else ""
    heading = column(safe_line(title), name + bar + 2)
    yield Content.styled(f"{heading} {'':<{FIGURE}}{rank}{'items':>{ITEMS}}", "bold")
    for each in words.best_first([each for each in models if each.model not in hidden], measure):
        figure = each.of(measure)
        ranked = f"{words.rank(ranks[each.model]) if each.model in ranks else '–':<{RANK}}" if ranks else ""
        line = f"{column(safe_line(each.model), name)} {figure_bar(figure, bar)}  {_figure(figure):<{FIGURE}}"
        yield Content(f"{line}{ranked}{figure.items:>{ITEMS},}")
    for model in sorted(hidden & {each.model for each in models}):
        yield Content(f"{column(safe_line(model), name)} {OTHERS}")
    yield Content.styled(f"{'':<{name}} {axis(bar)}", "$text-muted")
    yield Content()


def _figure(figure: Figure) -> str:
    if figure.items >= LEAST_ITEMS:
        return words.figure(figure)
    return f"{words.decimal(figure.estimate)} {ONE_ITEM}"


def _to_know(of: CriterionFigures, results: Results, hidden: AbstractSet[str]) -> Iterator[str]:
    judged = f"{counted(of.judgements, 'judgement')}, {of.skipped:,} skipped."
    shown = {each.model for each in of.models}
    ended = (words.ended(each) for each in results.answered if each.model in shown)
    missing = () if hidden else words.missing(of)
    return chain([judged], words.comparison_notes(of), missing, filter(None, ended), words.notes(results))


def _section(title: str, lines: Iterator[str], width: int) -> Iterator[Content]:
    yield Content.styled(title, "bold")
    for line in lines:
        yield from wrapped(f"- {safe_line(line)}", width)
    yield Content()
