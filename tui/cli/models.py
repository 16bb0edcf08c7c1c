"""llm-grader models"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.text import safe_json, safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Model

GIGABYTE = 1e9


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    state: str
    """here or absent"""
    bytes: int | None
    approximate: bool
    fit: str
    memory_needed: int | None
    licence: str
    non_commercial: bool
    path: str
    problem: str


@click.command("models")
@options.models_file
@options.demo
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
def command(models_file: Path | None, demo: bool, as_json: bool) -> None:
    """List the models: what is on this machine, how large it is, whether it fits into memory, its licence."""
    from tui.catalogue.catalogue import load_catalogue

    rows = [_row(model) for model in load_catalogue(demo=demo, models_file=models_file).models]
    if as_json:
        import msgspec

        for row in rows:
            click.echo(safe_json(msgspec.json.encode(asdict(row))))
        return
    _print_table(rows)


def _row(model: Model) -> Row:
    from tui.errors import WeightsError
    from tui.weights.locate import locate
    from tui.weights.memory import fit, memory_needed, published_size

    try:
        found, problem = locate(model), ""
    except WeightsError as error:
        found, problem = None, str(error)
    size = found.size if found else published_size(model)
    return Row(
        name=model.name,
        title=model.title,
        state="here" if found else "absent",
        bytes=size,
        approximate=found is None,
        fit=fit(size) if size else "unknown",
        memory_needed=memory_needed(size) if size else None,
        licence=model.licence,
        non_commercial=model.non_commercial,
        path=str(found.path) if found else "",
        problem=problem,
    )


def _print_table(rows: list[Row]) -> None:
    import psutil
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("model", "state", "size", "memory", "licence"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "licence")
    for row in rows:
        cells = (row.name, row.state, _size(row), _memory(row), _licence(row))
        table.add_row(*(Text(safe_line(cell)) for cell in cells))
    console = Console(highlight=False)
    console.print(table)
    free = psutil.virtual_memory().available / GIGABYTE
    console.print(Text(f"\n{free:.1f} GB of memory are free."))
    for row in rows:
        if row.problem:
            console.print(Text(safe_line(row.problem)), soft_wrap=True)


def _licence(row: Row) -> str:
    told = "non-commercial" in row.licence or not row.non_commercial
    return row.licence if told else f"{row.licence} (non-commercial)"


def _size(row: Row) -> str:
    if row.bytes is None:
        return "unknown"
    amount = row.bytes / GIGABYTE
    return f"{'~' if row.approximate else ''}{amount:.{1 if amount >= 1 else 2}f} GB"


def _memory(row: Row) -> str:
    if row.memory_needed is None:
        return "unknown"
    return f"~{row.memory_needed / GIGABYTE:.1f} GB, {row.fit}"
