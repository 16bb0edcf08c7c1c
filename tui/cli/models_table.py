"""The table of models, and the same as JSON lines."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from tui.paths import models_dir
from tui.text import safe_json, safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.catalogue.model import Model

GIGABYTE = 1e9
_WIDTH_OF_A_PIPE = 200


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    state: str
    """absent, partial, verified, unverified or broken"""
    shown_state: str
    fetched: int
    """Bytes that are here."""
    file: str
    quantisation: str
    bytes: int | None
    approximate: bool
    fit: str
    memory_needed: int | None
    licence: str
    non_commercial: bool
    path: str
    problem: str
    is_fetchable: bool
    """Not here, and some repository may have it."""


def print_models(models: Iterable[Model], *, as_json: bool) -> None:
    rows = [_row(model) for model in models]
    if as_json:
        import msgspec

        for row in rows:
            click.echo(safe_json(msgspec.json.encode(asdict(row))))
        return
    _print_table(rows)


def _row(model: Model) -> Row:
    from tui.weights.locate import missing, missing_adapter
    from tui.weights.memory import fit, memory_needed, published_size
    from tui.weights.state import state_of

    state = state_of(model)
    runnable = state.word in ("verified", "unverified")
    source = state.source or next(iter(model.sources), None)
    size = state.size or published_size(model)
    return Row(
        name=model.name,
        title=model.title,
        state=state.word,
        shown_state=state.label,
        fetched=state.done,
        file=(source.file or source.path) if source else "",
        quantisation=source.quantisation if source else "",
        bytes=size,
        approximate=state.size is None,
        fit=fit(size) if size else "unknown",
        memory_needed=memory_needed(size) if size else None,
        licence=model.licence,
        non_commercial=model.non_commercial,
        path=str(state.path or ""),
        problem=missing_adapter(model) if runnable else missing(model),
        is_fetchable=state.word in ("absent", "partial") and any(each.repo for each in model.sources),
    )


def _print_table(rows: list[Row]) -> None:
    import psutil
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A pipe has no width: every model is one line there, whole.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in ("model", "state", "format", "size", "memory", "licence"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "licence")
    for row in rows:
        cells = (row.name, row.shown_state, row.quantisation, _size(row), _memory(row), _licence(row))
        table.add_row(*(Text(safe_line(cell)) for cell in cells))
    console.print(table)
    free = psutil.virtual_memory().available / GIGABYTE
    console.print(Text(f"\n{free:.1f} GB of memory are free."))
    if any(row.is_fetchable for row in rows):
        told = (
            f"What is absent: `llm-grader pull MODEL`, or put its file (named by --json) into {models_dir()}."
        )
        console.print(Text(safe_line(told)), soft_wrap=True)
    for row in rows:
        if row.problem and not row.is_fetchable:
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
    amount = row.memory_needed / GIGABYTE
    return f"{amount:.{0 if amount >= 10 else 1}f} GB {row.fit}"
