"""What was asked, of which models, and how it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import phrases
from tui.report.document import Facts, Note, Paragraph, Section, Title
from tui.report.sections.graders import graders
from tui.report.sections.models import machine, models
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.rubric import Criterion, Rubric
    from tui.report.document import Block
    from tui.report.material import Material, ReportItem


def asked(of: Material) -> Iterator[Section]:
    parts = (
        Section("models", "Models", models(of)),
        Section("tasks", "Tasks, guidelines and rubrics", _tasks(of)),
        Section("graders", "Graders and what they saw", graders(of)),
        Section("machine", "Machine and versions", machine(of)),
    )
    yield Section("asked", "What was asked, and how", _summary(of), parts)


def _summary(of: Material) -> Iterator[Block]:
    tasks = counted(len(of.tasks), "task")
    yield Paragraph(
        f"{counted(len(of.items), 'item')} of {tasks} were asked. Each is a prompt with a rubric; models were"
        " given it word for word, as it is printed under “Answers and judgements”, but where that says"
        " otherwise."
    )
    if of.blind:
        yield Note(phrases.hidden(of.blind))


def _tasks(of: Material) -> Iterator[Block]:
    for items in of.tasks.values():
        task = items[-1].item.task
        yield Title(f"{task.title} ({task.name}, {counted(len(items), 'item')})")
        if task.description.strip():
            yield Paragraph(task.description)
        yield from rubric(items[-1].item.task.rubric)
        if any(differs(each, items) for each in items):
            yield Note("Where an item says otherwise what earns a level, that stands with the item.")


def differs(one: ReportItem, of_task: list[ReportItem]) -> bool:
    """True of an item whose guidelines or rubric are not those printed with its task."""
    shown, own = of_task[-1].item.task, one.item.task
    return shown.description != own.description or shown.rubric != one.item.rubric


def rubric(of: Rubric) -> Iterator[Block]:
    for criterion in of.criteria:
        yield Paragraph(_question(criterion))
        yield Facts(tuple((f"{each.label} ({each.value:g})", each.anchor) for each in criterion.levels))


def _question(of: Criterion) -> str:
    hides = "" if of.shows_expected else " The correct answer stays hidden while it is judged."
    return f"Criterion “{of.name}”{f': {of.question}' if of.question else ''}.{hides}".replace("?.", "?")
