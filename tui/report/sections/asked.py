"""What was asked, of which models, and how it was judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report import phrases
from tui.report.document import Facts, Note, Paragraph, Section, Title
from tui.report.sections.graders import graders
from tui.report.sections.models import machine, models
from tui.units import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.catalogue.rubric import Criterion
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
        if share_guidelines(items):
            yield from guidelines(items[-1])
        if share_rubric(items):
            yield from rubric(items[-1])
        else:
            yield Note("What earns each level stands with each item.")


def share_guidelines(of_task: Sequence[ReportItem]) -> bool:
    """True where they stand with the task, since they are those of each of its items."""
    return len({each.item.task.description for each in of_task}) == 1


def share_rubric(of_task: Sequence[ReportItem]) -> bool:
    return len({each.item.rubric for each in of_task}) == 1


def guidelines(of: ReportItem) -> Iterator[Block]:
    if of.item.task.description.strip():
        yield Paragraph(of.item.task.description)


def rubric(of: ReportItem) -> Iterator[Block]:
    for criterion in of.item.rubric.criteria:
        yield Paragraph(_question(criterion))
        yield Facts(tuple((f"{each.label} ({each.value:g})", each.anchor) for each in criterion.levels))


def _question(of: Criterion) -> str:
    hides = " The correct answer stays hidden while it is judged." if not of.shows_expected else ""
    return f"Criterion “{of.name}”{f': “{of.question}”' if of.question else ''}.{hides}"
