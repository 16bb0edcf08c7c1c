"""The table of models, and the same as JSON lines."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.cli.streams import echo_json
from tui.memory.free import free_memory
from tui.paths import models_dir
from tui.text import safe_line
from tui.units import gigabytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.catalogue.model import Model
    from tui.memory.free import Device
    from tui.weights.overview import Overview

_WIDTH_OF_A_PIPE = 200


def print_models(models: Iterable[Model], *, as_json: bool) -> None:
    from tui.engines.llama.probing import gpus
    from tui.weights.overview import overview

    devices = gpus()
    rows = [overview(model, devices=devices) for model in models]
    if as_json:
        for row in rows:
            echo_json(asdict(row))
        return
    _print_table(rows, devices)


def _print_table(rows: list[Overview], devices: Sequence[Device]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A pipe has no width: every model is one line there, whole.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_PIPE)
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in ("model", "state", "format", "size", "memory", "licence"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "licence")
    for row in rows:
        words = (row.size_words, row.memory_words, row.licence_words)
        cells = (row.name, row.shown_state, row.quantisation, *words)
        table.add_row(*(Text(safe_line(cell)) for cell in cells))
    console.print(table)
    free = gigabytes(free_memory(), 1)
    cards = "".join(f", {gigabytes(each.free, 1)} GB on {safe_line(each.name)}" for each in devices)
    console.print(Text(f"\n{free} GB of memory are free{cards}."))
    if any(row.is_fetchable for row in rows):
        hint = (
            f"What is absent: `llm-grader pull MODEL`, or put its file (named by --json) into {models_dir()}."
        )
        console.print(Text(safe_line(hint)), soft_wrap=True)
    for row in rows:
        if row.problem and not row.is_fetchable:
            console.print(Text(safe_line(row.problem)), soft_wrap=True)
