"""llm-grader locate"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

PLACES = ("database", "demo", "config", "models", "logs", "all")


@click.command("locate")
@click.argument("place", type=click.Choice(PLACES), default="all")
def command(place: str) -> None:
    """Show where the databases, configuration, logs and models are; name one PLACE to get its path alone."""
    from tui import paths
    from tui.text import safe_line

    where = {
        "database": paths.database_file(),
        "demo": paths.database_file(demo=True),
        "config": paths.config_file(),
        "models": paths.models_dir(),
        "logs": paths.log_dir(),
    }
    if place != "all":
        # A pipe gets the path as it is: it is to be opened.
        click.echo(safe_line(str(where[place])) if sys.stdout.isatty() else where[place])
        return
    for name, path in where.items():
        remark = _remark(path)
        click.echo(f"{name:<10}{safe_line(str(path))}{remark and f'  ({remark})'}")


def _remark(path: Path) -> str:
    from tui.explain import reason_of

    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return "not there yet"
    except OSError as error:
        return f"cannot be looked up: {reason_of(error)}"
    return ""
