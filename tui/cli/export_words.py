"""What an export says of blind sessions, on standard error."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from tui.cli.hidden import how_it_ends
from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from tui.cli.export_target import Target
    from tui.store.database import Store
    from tui.store.exchange.export import Format, What
    from tui.store.exchange.for_others.export import Shape, WrittenFor
    from tui.store.exchange.masking import BlindSession


def tell_of_blinding(
    store: Store,
    blind: tuple[BlindSession, ...],
    what: What,
    file_format: Format,
    target: Target,
) -> None:
    """Say what is hidden and how that ends. Of a copy, say that it hides nothing, and record that:
    afterwards, so that it is a copy of the database as it was."""
    from tui.errors import StoreError
    from tui.store.looking import record_looks, stages

    if what == "all" and file_format == "jsonl":
        click.echo(f"This copy names the models of {counted(len(blind), 'blind session')}.", err=True)
        with suppress(StoreError):  # there is nothing to record it in where nothing can be written
            record_looks(store, "export", stages(store, (each.id for each in blind)))
        return
    left_out = "" if what == "responses" else ", and judgements that were given with the names in view"
    hidden = f"Hidden: who wrote the answers that {blind[0].grader} judges blind{left_out}."
    click.echo(safe_line(f"{hidden} {how_it_ends(blind, demo=target.demo, db=target.db)}"), err=True)


def tell_of_hidden(written: WrittenFor, shape: Shape, target: Target) -> None:
    """Say what is left out for other programs while sessions are blind, and how that ends."""
    if written.hidden and written.blind:
        which = "" if shape == "arena" else " given with the names in view"
        whose = f"of answers that {written.blind[0].grader} judges blind"
        line = f"Left out: {counted(written.hidden, 'judgement')}{which}, {whose}."
        click.echo(
            safe_line(f"{line} {how_it_ends(written.blind, demo=target.demo, db=target.db)}"), err=True
        )


def tell_of_left_out(written: WrittenFor) -> None:
    if written.of_grades:
        told = "No pair was judged that has a winner: each row is of two grades that one grader gave."
        click.echo(told, err=True)
    for (noun, which), number in written.left_out.items():
        click.echo(f"Left out: {counted(number, noun)} {which}.", err=True)
