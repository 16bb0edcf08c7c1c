"""llm-grader export"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli import options
from tui.cli.export_others import export_as, export_seal
from tui.cli.export_target import Target, refuse_beside
from tui.cli.export_words import tell_of_blinding
from tui.cli.options import OUTPUT
from tui.cli.streams import standard_output
from tui.processes.signals import interrupting

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.exchange.export import Format, What
    from tui.store.exchange.for_others.export import Shape
    from tui.store.selection import Selection

_ENDINGS: dict[str, Format] = {".csv": "csv", ".jsonl": "jsonl"}


@click.command("export")
@click.option(
    "--what",
    type=click.Choice(["grades", "pairs", "responses", "all"]),
    help="Grades or preferences that count; responses with everything needed to repeat them; or every table."
    " Default: grades.",
)
@click.option(
    "--history", is_flag=True, help="Every event of a grader: replaced and undone ones, notes, undos."
)
@click.option(
    "--as",
    "shape",
    type=click.Choice(["trl", "kto", "arena"]),
    help="As another program reads it: TRL's preferences or unpaired preferences, or votes of an arena.",
)
@click.option("--seal", is_flag=True, help="Hashes over all that was judged, for `verify-seal`.")
@click.option("--criterion", metavar="NAME", help="With --as: only what was judged by this criterion.")
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
    what: What | None,
    history: bool,
    shape: Shape | None,
    seal: bool,
    criterion: str | None,
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
    from tui.store.selection import Selection

    selection = Selection(tasks, prompts, models, graders)
    target = Target(output, force, demo, db)
    _refuse_criterion(criterion, shape)
    of_tables: dict[str, object] = {"--what": what, "--history": history, "--excel": excel}
    if seal:
        others = {"--as": shape, "--format": file_format, "a selection": selection}
        refuse_beside("--seal", of_tables | others)
        export_seal(target)
    elif shape:
        refuse_beside("--as", of_tables | {"--format csv": file_format == "csv"})
        export_as(shape, selection, criterion, target)
    else:
        _export(_what(what or "grades", history), file_format, excel, selection, target)


def _refuse_criterion(criterion: str | None, shape: Shape | None) -> None:
    from tui.errors import UsageError

    if criterion is not None and shape is None:
        raise UsageError("--criterion is for --as.")


def _export(
    what: What, file_format: Format | None, excel: bool, selection: Selection, target: Target
) -> None:
    from tui.store.exchange.export import export_to_path, export_to_stream

    wanted: dict[str, Any] = {
        "what": what,
        "file_format": _format(file_format, target.output, what, excel),
        "excel": excel,
        "selection": selection,
    }
    with target.store() as store:
        if target.output is None:
            written = export_to_stream(store, standard_output(), **wanted)
        else:
            written = export_to_path(store, target.output, overwrite=target.force, **wanted)
        target.tell(f"{written.rows} rows", store.remarks.take())
        if written.long_cells:
            told = f"{written.long_cells} cells are longer than the 32,767 characters Excel shows."
            click.echo(told, err=True)
        if written.blind:
            tell_of_blinding(store, written.blind, what, wanted["file_format"], target)


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
