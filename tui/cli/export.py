"""llm-grader export"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli import options
from tui.cli.options import OUTPUT
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.exchange.csv_format import Written


@click.command("export")
@click.option(
    "--what",
    type=click.Choice(["grades", "responses", "all"]),
    default="grades",
    show_default=True,
    help="Grade events; responses with everything needed to repeat them; or every table.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "jsonl"]),
    default="csv",
    show_default=True,
    help="Format.",
)
@click.option(
    "--excel", is_flag=True, help="CSV that Excel opens right: with a BOM, and no cell is a formula."
)
@click.option(
    "-o",
    "--output",
    type=OUTPUT,
    help="A file, or with --what all as CSV a folder; default: standard output.",
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@options.demo
@options.db
@interrupting()
def command(
    output: Path | None, force: bool, excel: bool, file_format: Any, what: Any, demo: bool, db: Path | None
) -> None:
    """Write grades and responses as CSV (RFC 4180) or JSON lines.

    docs/export.md describes every column.
    """
    from tui import paths
    from tui.errors import UsageError
    from tui.store.database import Store
    from tui.store.exchange.export import export_to_path, export_to_stream

    if excel and file_format != "csv":
        raise UsageError("--excel is for --format csv.")
    with Store.open(db or paths.database_file(demo=demo), create=False) as store:
        if output is None:
            # Python would turn the CRLF of RFC 4180 into CR CR LF on Windows, and encode as the console does.
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
            written = export_to_stream(store, sys.stdout, what=what, file_format=file_format, excel=excel)
        else:
            written = export_to_path(
                store, output, what=what, file_format=file_format, excel=excel, overwrite=force
            )
        _tell(written, output, store.remarks.take())


def _tell(written: Written, output: Path | None, remarks: list[str]) -> None:
    for remark in remarks:
        click.echo(safe_line(remark), err=True)
    if output is not None:
        click.echo(f"{written.rows} rows written to {safe_line(str(output))}", err=True)
    if written.long_cells:
        click.echo(f"{written.long_cells} cells are longer than the 32,767 characters Excel shows.", err=True)
