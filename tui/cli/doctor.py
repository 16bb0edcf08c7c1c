"""llm-grader doctor"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli import options

if TYPE_CHECKING:
    from pathlib import Path


@click.command("doctor")
@options.models_file
@options.demo
@options.db
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
def command(models_file: Path | None, demo: bool, db: Path | None, as_json: bool) -> None:
    """Say what this machine can run: engine, processors, memory, disk, terminal, and each model.

    Asks no network. Exit code 1 when no model can run here.
    """
    from tui import paths
    from tui.catalogue.catalogue import load_catalogue
    from tui.cli.doctor_facts import examine
    from tui.cli.doctor_output import print_report

    catalogue = load_catalogue(demo=demo, models_file=models_file)
    report = examine(catalogue.models, db or paths.database_file(demo=demo))
    print_report(report, as_json=as_json)
    if not report.can_run:
        raise click.exceptions.Exit(1)
