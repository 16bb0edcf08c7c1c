"""llm-grader init"""

from __future__ import annotations

import shlex
from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
def command(folder: Path) -> None:
    """Write commented examples of a models file and of a task into FOLDER, which is this one if none is
    named.

    What is there is never overwritten.
    """
    from tui import paths
    from tui.catalogue.examples import write_examples
    from tui.text import safe_line

    config = paths.config_dir()
    for file in write_examples(folder):
        click.echo(safe_line(str(file)))
    is_read = folder.absolute() == config.absolute()
    for line in _always(folder) if is_read else _when_named(folder, config):
        click.echo(safe_line(line), err=True)


def _always(folder: Path) -> list[str]:
    return [f"Write yours in their place. What is in {folder} is always found: llm-grader models"]


def _when_named(folder: Path, config: Path) -> list[str]:
    from tui.catalogue.examples import MODELS, PROMPTS

    models, prompts = shlex.quote(str(folder / MODELS)), shlex.quote(str(folder / PROMPTS))
    return [
        f"Write yours in their place, then: llm-grader --models-file {models} --prompts-dir {prompts}",
        f"In {config} they are found without being named.",
    ]
