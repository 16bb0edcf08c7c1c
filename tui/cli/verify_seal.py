"""llm-grader verify-seal"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.store.exchange.sealing.comparison import Compared

_NAMED = 5
"""Rows that are named one by one."""


@click.command("verify-seal")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@options.demo
@options.db
@interrupting()
def command(file: Path, demo: bool, db: Path | None) -> None:
    """Compare the database with a seal of `export --seal`.

    Exit code 0 if all that was sealed is there as it was; what came later does no harm. Else 1, with the rows
    that were changed and those that are missing.
    """
    from tui import paths
    from tui.errors import StoreError
    from tui.store.database import Store
    from tui.store.exchange.masking import Mask
    from tui.store.exchange.sealing.comparison import compare
    from tui.store.exchange.sealing.seal import read_seal

    seal = read_seal(file)
    database = db or paths.database_file(demo=demo)
    with Store.open(database, create=False) as store:
        parts = compare(store, seal)
        hides = bool(Mask(store))
        for remark in store.remarks.take():
            click.echo(safe_line(remark), err=True)
    for part in parts:
        click.echo(safe_line(_told(part, hides=hides)))
    if broken := [part.table for part in parts if not part.is_whole]:
        raise StoreError(f"{database} is not what was sealed: {', '.join(broken)}.")
    click.echo(safe_line(f"Whole: {seal.sha256}, sealed at {seal.made_at}."), err=True)


def _told(part: Compared, *, hides: bool) -> str:
    """Ids sort by time, and so tell which model came first: a blind session hides them."""
    named = _counted if hides else _named
    came = [f"{part.came} came later"] if part.came else []
    if part.came_between:
        came.append(f"placed before its end, as by a merge: {named(part.came_between)}")
    if part.is_whole:
        return "; ".join([f"{part.table}: {part.sealed} as sealed", *came])
    wrong = [f"{part.table}: {part.as_sealed} of {part.sealed} as sealed"]
    if part.changed:
        wrong.append(f"changed: {named(part.changed)}")
    if part.missing:
        wrong.append(f"missing, by the sha256 of their ids: {_named(part.missing)}")
    if not part.changed and not part.missing:
        wrong.append("their hash is another")
    return "; ".join([*wrong, *came])


def _counted(ids: Sequence[str]) -> str:
    return f"{len(ids)} (which ones is told after the reveal)"


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"{', '.join(ids[:_NAMED])}{more}"
