"""llm-grader prompts"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.text import safe, safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.task import Prompt, Task


@click.command("prompts")
@click.argument("name", required=False)
@options.prompts_dir
@options.demo
def command(name: str | None, prompts_dir: Path | None, demo: bool) -> None:
    """List the tasks and prompts; NAME (task/number) shows one whole."""
    from tui.catalogue.catalogue import load_catalogue

    catalogue = load_catalogue(demo=demo, prompts_dir=prompts_dir)
    if name:
        _show(*catalogue.prompt(name))
        return
    for task in catalogue.tasks:
        click.echo(safe_line(task.title))
        for prompt in task.prompts:
            click.echo(f"  {task.name}/{prompt.number}  {safe_line(prompt.title)}")


def _show(task: Task, prompt: Prompt) -> None:
    click.echo(f"{safe_line(task.title)} {prompt.number}: {safe_line(prompt.title)}\n\n{safe(prompt.text)}\n")
    if prompt.input:
        click.echo(f"{safe(prompt.input)}\n")
    if prompt.expected:
        click.echo(f"A correct answer: {safe(prompt.expected)}")
    for number, level in enumerate(task.rubric(prompt), 1):
        click.echo(f"{number} {level.label}: {safe_line(level.meaning)}")
