"""What an export says of blind sessions, on standard error."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from tui.cli.hidden import how_it_ends
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.database import Store
    from tui.store.exchange.export import Format, What
    from tui.store.exchange.masking import BlindSession


def tell_of_blinding(
    store: Store,
    blind: tuple[BlindSession, ...],
    what: What,
    file_format: Format,
    *,
    demo: bool,
    db: Path | None,
) -> None:
    """Say what is hidden and how that ends. Of a copy, say that it hides nothing, and record that:
    afterwards, so that it is a copy of the database as it was."""
    from tui.errors import StoreError
    from tui.store.exchange.masking import record_looks

    if what == "all" and file_format == "jsonl":
        click.echo(f"This copy names the models of {counted(len(blind), 'blind session')}.", err=True)
        with suppress(StoreError):  # there is nothing to record it in where nothing can be written
            record_looks(store, blind)
        return
    left_out = "" if what == "responses" else ", and judgements that were given with the names in view"
    line = (
        f"Hidden: who wrote the answers that {blind[0].grader} judges blind{left_out}."
        f" {how_it_ends(blind, demo=demo, db=db)}"
    )
    click.echo(safe_line(line), err=True)
