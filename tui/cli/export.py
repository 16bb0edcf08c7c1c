"""llm-grader export"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui.cli import options
from tui.cli.export_words import tell_of_blinding
from tui.cli.options import OUTPUT
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.exchange.csv_format import Written
    from tui.store.exchange.export import Format, What

_ENDINGS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl"}


@click.command("export")
@click.option(
    "--what",
    type=click.Choice(["grades", "pairs", "responses", "all"]),
    default="grades",
    show_default=True,
    help="Grades or preferences that count; responses with everything needed to repeat them; or every table.",
)
@click.option(
    "--history", is_flag=True, help="Every event of a grader: replaced and undone ones, notes, undos."
)
@options.tasks
@options.prompts
@options.stored_models
@options.stored_graders
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "jsonl"]),
    help="Format; default: as the file's name ends, else csv.",
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
    what: What,
    history: bool,
    tasks: tuple[str, ...],
    prompts: tuple[str, ...],
    models: tuple[str, ...],
    graders: tuple[str, ...],
    file_format: Format | None,
    excel: bool,
    output: Path | None,
    force: bool,
    demo: bool,
    db: Path | None,
) -> None:
    """Write grades, preferences and responses as CSV (RFC 4180) or JSON lines.

    Of judgements those that count: the grades, preferences and skips in force. While a session is blind, who
    wrote its answers is hidden, but in --what all as JSON lines. docs/export.md describes every column.
    """
    from tui import paths
    from tui.store.database import Store
    from tui.store.exchange.export import export_to_path, export_to_stream
    from tui.store.selection import Selection

    wanted: dict[str, Any] = {
        "what": _what(what, history),
        "file_format": _format(file_format, output, what, excel),
        "excel": excel,
        "selection": Selection(tasks, prompts, models, graders),
    }
    with Store.open(db or paths.database_file(demo=demo), create=False) as store:
        if output is None:
            # Python would turn the CRLF of RFC 4180 into CR CR LF on Windows, and encode as the console does.
            sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
            written = export_to_stream(store, sys.stdout, **wanted)
        else:
            written = export_to_path(store, output, overwrite=force, **wanted)
        _tell(written, output, store.remarks.take())
        if written.blind:
            tell_of_blinding(store, written.blind, wanted["what"], wanted["file_format"], demo=demo, db=db)


def _what(what: What, history: bool) -> What:
    from tui.errors import UsageError

    if history and what != "grades":
        raise UsageError("--history is for grades; --what all has every event in any case.")
    return "history" if history else what


def _format(named: Format | None, output: Path | None, what: What, excel: bool) -> Format:
    """The format that is named, or that the file's name ends in."""
    from tui.errors import UsageError
    from tui.toml.mistakes import shown

    ending = _ENDINGS.get(output.suffix.lower()) if output else None
    chosen = named or ("csv" if excel else None) or ending or "csv"
    if output and ending and ending != chosen:
        asked = f"--format {named}" if named else "--excel"
        raise UsageError(f"{shown(output.name)} ends as {ending} does, and {asked} asks for {chosen}.")
    if excel and chosen != "csv":
        raise UsageError("--excel is for --format csv.")
    if output and ending == "csv" and what == "all" and not output.is_dir():
        raise UsageError("CSV of everything is a folder of files: name one that does not end in .csv.")
    return chosen


def _tell(written: Written, output: Path | None, remarks: list[str]) -> None:
    for remark in remarks:
        click.echo(safe_line(remark), err=True)
    if output is not None:
        click.echo(f"{written.rows} rows written to {safe_line(str(output))}", err=True)
    if written.long_cells:
        click.echo(f"{written.long_cells} cells are longer than the 32,767 characters Excel shows.", err=True)
