"""llm-grader prompts"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import completion, options
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.item import Item
    from tui.catalogue.rubric import Criterion


@click.command("prompts")
@click.argument("name", required=False, shell_complete=completion.items)
@options.prompts_dir
@options.db
@options.demo
def command(name: str | None, prompts_dir: Path | None, db: Path | None, demo: bool) -> None:
    """List the tasks and prompts, your own among them; NAME (task/number) shows one whole."""
    from tui import paths
    from tui.catalogue.catalogue import load_catalogue
    from tui.cli.stored_tasks import with_stored_tasks

    catalogue = load_catalogue(demo=demo, prompts_dir=prompts_dir)
    catalogue = with_stored_tasks(catalogue, db or paths.database_file(demo=demo))
    if name:
        _show(catalogue.item(name))
        return
    for task in catalogue.tasks:
        click.echo(safe_line(task.title))
        for prompt in task.prompts:
            click.echo(f"  {task.name}/{prompt.number}  {safe_line(prompt.title)}")


def _show(item: Item) -> None:
    task, prompt = item
    click.echo(f"{safe_line(task.title)} {prompt.number}: {safe_line(prompt.title)}\n\n{safe(prompt.text)}\n")
    if prompt.input:
        click.echo(f"{safe(prompt.input)}\n")
    if prompt.expected:
        click.echo(f"A correct answer: {safe(prompt.expected)}")
    if task.description:
        click.echo(f"Guidelines: {safe(task.description)}")
    for criterion in item.rubric.criteria:
        _show_criterion(criterion)


def _show_criterion(criterion: Criterion) -> None:
    if criterion.question:
        hidden = "" if criterion.shows_expected else " (judged without the correct answer)"
        click.echo(f"Question, {criterion.name}: {safe_line(criterion.question)}{hidden}")
    for number, level in enumerate(criterion.levels, 1):
        click.echo(f"{number % 10} {level.label}: {safe_line(level.anchor)}")
