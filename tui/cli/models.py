"""llm-grader models"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.cli.lazy import LazyGroup, refuse_misplaced_options

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = {
    "path": ("tui.cli.models_path", "Print where a model's file is."),
    "remove": ("tui.cli.models_remove", "Delete a model's files from the models folder."),
    "verify": ("tui.cli.models_verify", "Read files again and compare their sha256 with the published one."),
}


@click.group("models", cls=LazyGroup, commands_by_name=COMMANDS, invoke_without_command=True)
@options.models_file
@options.demo
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.pass_context
def command(context: click.Context, /, models_file: Path | None, demo: bool, as_json: bool) -> None:
    """List the models: what is on this machine, how large it is, whether it fits into memory, its licence.

    The state is absent, how much of a download is here, verified (the file has the published sha256),
    unverified, or broken.
    """
    if context.invoked_subcommand is not None:
        refuse_misplaced_options(context)
        return
    from tui.catalogue.catalogue import load_catalogue
    from tui.cli.models_table import print_models

    print_models(load_catalogue(demo=demo, models_file=models_file).models, as_json=as_json)
