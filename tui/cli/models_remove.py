"""llm-grader models remove"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import completion, options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("remove")
@click.argument("model", shell_complete=completion.models)
@options.models_file
@options.demo
def command(model: str, models_file: Path | None, demo: bool) -> None:
    """Delete the files of MODEL from the models folder, half-fetched ones too.

    Nothing outside that folder is deleted, least of all from the Hugging Face cache. Exit code 1 when there
    was nothing to delete.
    """
    from tui.catalogue.catalogue import load_catalogue
    from tui.catalogue.names import named_model
    from tui.text import safe_line
    from tui.units import amount
    from tui.weights.files.removal import of_the_same_file, remove

    catalogue = load_catalogue(demo=demo, models_file=models_file)
    chosen = named_model(catalogue, model)
    removed = remove(chosen)
    for path in removed.paths:
        click.echo(safe_line(f"removed {path}"))
    for path in removed.kept:
        click.echo(safe_line(f"{path} is not in the models folder and stays"), err=True)
    others = ", ".join(of_the_same_file(chosen, catalogue.models))
    if removed.paths and others:
        click.echo(f"{others} had the same file.", err=True)
    if not removed.paths:
        click.echo(f"llm-grader: {chosen.name}: nothing of it is in the models folder", err=True)
        raise click.exceptions.Exit(1)
    click.echo(f"{amount(removed.bytes)} are free again.", err=True)
