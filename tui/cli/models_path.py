"""llm-grader models path"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tui.cli import completion, options
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path


@click.command("path")
@click.argument("model", shell_complete=completion.models)
@options.models_file
@options.demo
def command(model: str, models_file: Path | None, demo: bool) -> None:
    """Print where the file of MODEL is; exit code 1 when it is not on this machine, or broken."""
    from tui.catalogue.catalogue import load_catalogue
    from tui.catalogue.names import named_model
    from tui.errors import WeightsError
    from tui.weights.files.locate import missing
    from tui.weights.files.status import state_of

    chosen = named_model(load_catalogue(demo=demo, models_file=models_file), model)
    state = state_of(chosen)
    if state.path is None or state.word == "broken":
        raise WeightsError(missing(chosen))
    # A pipe gets the path as it is: it is to be opened.
    click.echo(safe_line(str(state.path)) if sys.stdout.isatty() else state.path)
