"""Tables and charts of models: over all items, by task, by grader, and item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.analysis.judged import MEASURES
from tui.report import charts, phrases, words
from tui.report.document import Bullets, Note, Paragraph, Section, Table, Title

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.analysis.cells import Cell as Given
    from tui.analysis.models import ModelFigures
    from tui.analysis.results import CriterionFigures, GraderFigure, KindFigures
    from tui.report.document import Block, Cell
    from tui.report.material import Material

_MOST_LEVELS = 4
"""Of one cell that are written one by one."""


def figures(of: Material) -> Iterator[Section]:
    parts = tuple(
        Section(f"figures-{kind.kind}-{place}", _title(kind, criterion), _criterion(of, criterion))
        for kind in of.results.kinds
        for place, criterion in enumerate(phrases.primary_first(kind.criteria), 1)
    )
    yield Section("figures", "Figures", _summary(of), parts)


def _title(kind: KindFigures, of: CriterionFigures) -> str:
    return f"{phrases.KINDS[kind.kind]}, by the criterion “{of.criterion}”"


def _summary(of: Material) -> Iterator[Block]:
    if not of.results.kinds:
        yield Paragraph("There are no figures yet.")
        return
    yield Paragraph(
        "People, models and printed reports are never mixed. A figure is the mean over items; several answers"
        f" and graders of an item are averaged within it first. {words.INTERVALS}"
    )
    if told := tuple(words.notes(of.results)):
        yield Bullets(told)


def _criterion(of: Material, criterion: CriterionFigures) -> Iterator[Block]:
    yield model_table("All items", criterion)
    for measure in MEASURES:
        yield Note(f"{words.measure(measure, criterion.levels)}.")
    for measure in MEASURES[1:]:
        yield charts.models(f"{measure}, all items", criterion.models, measure)
    for note in words.missing(criterion):
        yield Note(note)
    if len(criterion.tasks) > 1:
        yield from _by_task(criterion)
    if criterion.graders:
        yield _by_grader(criterion.graders)
    yield _matrix(of, criterion)


def model_table(caption: str, of: CriterionFigures) -> Table:
    """The best first."""
    ranks = {each.model: words.rank(each) for each in of.comparison.ranks} if of.comparison else {}
    rows = [
        (
            each.model,
            *([ranks.get(each.model, "")] if ranks else []),
            f"{each.strict.items:,}",
            f"{each.strict.judgements:,}",
            *(words.figure(each.of(measure)) for measure in MEASURES),
        )
        for each in words.best_first(of.models)
    ]
    columns = ("Model", *(["Rank"] if ranks else []), "Items", "Judged", "Strict", "Lenient", "Mean")
    return Table(caption, columns, tuple(rows), numbers=len(columns) - 1)


def _by_task(of: CriterionFigures) -> Iterator[Block]:
    yield Title("By task")
    for task in of.tasks:
        yield charts.models(f"{task.title}, strict", task.models)
    by_task = [{each.model: each for each in task.models} for task in of.tasks]
    names = [each.model for each in words.best_first(of.models)]
    rows = tuple((name, *(_strict(models.get(name)) for models in by_task)) for name in names)
    columns = ("Model", *(task.title for task in of.tasks))
    yield Table("Strict, by task", columns, rows, numbers=len(by_task))


def _strict(of: ModelFigures | None) -> str:
    return words.figure(of.strict) if of else "–"


def _by_grader(of: Sequence[GraderFigure]) -> Table:
    rows = tuple(
        (each.model, each.grader, words.figure(each.own), words.figure(each.others) if each.others else "–")
        for each in sorted(of, key=lambda each: (each.model, each.grader))
    )
    columns = ("Model", "Grader", "By this grader alone", "By all others")
    return Table("Strict, by grader, and with one left out", columns, rows, numbers=2)


def _matrix(of: Material, criterion: CriterionFigures) -> Table:
    """Items by models: what each was given."""
    names = [each.model for each in words.best_first(criterion.models)]
    rows: list[tuple[Cell, ...]] = []
    for item in sorted(criterion.items, key=lambda each: (each.task, each.name)):
        cells = {each.model: each for each in item.cells}
        link = of.to_item(item.name, item.prompt_hash, item.task)
        rows.append((link, *(_given(cells.get(name)) for name in names)))
    return Table("What each item was given", ("Item", *names), tuple(rows))


def _given(of: Given | None) -> str:
    if of is None:
        return "–"
    if len(of.levels) <= _MOST_LEVELS:
        return ", ".join(of.levels)
    if of.strict is None:
        return f"skipped ×{len(of.levels)}"
    return f"{words.decimal(of.strict)} strict of {of.judgements}"
