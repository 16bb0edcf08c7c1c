"""llm-grader merge"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.store.database import Store
    from tui.store.exchange.alike import Alike
    from tui.store.exchange.merging import Other

_WORDS = {
    "responses": "answer",
    "judgements": "judgement",
    "sessions": "session",
    "graders": "grader",
    "reveals": "reveal",
    "looks": "look at results",
    "guesses": "guessed model",
    "checks": "check",
    "own_items": "version of own prompts",
    "studies": "study",
}
"""The rows that a person knows of; the others are those that these refer to."""


@click.command("merge")
@click.argument("other", metavar="OTHER.db", type=click.Path(path_type=Path))
@click.option(
    "--same-graders/--other-graders",
    "same",
    default=None,
    help="Graders of one name, here and there, are the same person, or are not; default: ask.",
)
@options.demo
@options.db
@interrupting()
def command(other: Path, same: bool | None, demo: bool, db: Path | None) -> None:
    """Add what another database holds: answers, judgements, sessions, graders, own prompts.

    In any order and any number of times: what is here already is not added again, nothing is lost, and of two
    judgements the same one stands whichever was merged into which. OTHER.db is not changed. Where a row of it
    contradicts what is here, that is said, and nothing is merged.
    """
    from tui import paths
    from tui.store.database import Store
    from tui.store.exchange.merging import Other, merge

    file = db or paths.database_file(demo=demo)
    if _is_one_file(other, file):
        click.echo(safe_line(f"{other} is this database itself: there is nothing to merge."), err=True)
        return
    with Other.open(other) as there, Store.open(file) as store:
        one = _same(store, there, same)
        added = merge(store, there, [(new.id, old.id) for new, old in one])
        lines = [f'"{new.name}" there and "{old.name}" here are one grader now.' for new, old in one]
        for line in (*store.remarks.take(), *lines):
            click.echo(safe_line(line), err=True)
    click.echo(safe_line(_told(added, other, file)), err=True)


def _is_one_file(other: Path, file: Path) -> bool:
    with suppress(OSError, ValueError):
        return other.samefile(file)
    return False


def _same(store: Store, there: Other, same: bool | None) -> list[Alike]:
    """The graders of one name, there and here, who are one person."""
    from tui.cli.who import can_be_asked
    from tui.errors import UsageError
    from tui.store.exchange.alike import alike

    if same is not None:
        return alike(store, there, also_known=True) if same else []
    undecided = alike(store, there)
    if undecided and not can_be_asked():
        raise UsageError(
            f'there is a grader "{undecided[0].there.name}" in both databases: say with --same-graders that'
            " they are one person, or with --other-graders that they are not."
        )
    return _asked(store, there, undecided)


def _asked(store: Store, there: Other, undecided: list[Alike]) -> list[Alike]:
    from tui.cli.who import is_so
    from tui.store.people import described

    same: list[Alike] = []
    for each in undecided:
        new, old = each
        if any(new == one or old == other for one, other in same):
            continue
        click.echo(safe_line(f'There: "{new.name}", {described(there, new)}.'), err=True)
        click.echo(safe_line(f'Here: "{old.name}", {described(store, old)}.'), err=True)
        if is_so(f'Is "{new.name}" there the "{old.name}" here?'):
            same.append(each)
    return same


def _told(added: Mapping[str, int], other: Path, file: Path) -> str:
    from tui.units import counted

    if not any(added.values()):
        return f"All of {other} is in {file} already: nothing was added."
    known = [counted(added[table], word) for table, word in _WORDS.items() if added[table]]
    if rest := sum(number for table, number in added.items() if table not in _WORDS):
        known.append(counted(rest, "row") + " that these refer to" if known else counted(rest, "other row"))
    return f"Added to {file}: {', '.join(known)}."
