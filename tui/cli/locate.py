"""llm-grader locate"""

from __future__ import annotations

import sys

import click

from tui.text import safe_line

PLACES = ("database", "config", "models", "logs", "all")


@click.command("locate")
@click.argument("place", type=click.Choice(PLACES), default="all")
def command(place: str) -> None:
    """Show where the data, configuration, logs and models are; name one PLACE to get its path alone."""
    from tui import paths

    where = {
        "database": paths.database_file(),
        "config": paths.config_file(),
        "models": paths.models_dir(),
        "logs": paths.log_dir(),
    }
    if place != "all":
        # As it is for a program, which will use it; a folder's name steers no terminal.
        click.echo(safe_line(str(where[place])) if sys.stdout.isatty() else where[place])
        return
    for name, path in where.items():
        click.echo(f"{name:<10}{safe_line(str(path))}{'' if path.exists() else '  (not there yet)'}")
