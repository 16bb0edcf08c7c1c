"""Output of `import`, on standard error: how far it is, where that is a terminal, and what came of it."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

import click

from tui.text import safe_line
from tui.units import counted

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.connection import Connection
    from tui.store.exchange.foreign import ForeignImported
    from tui.store.exchange.importing import Imported
    from tui.store.exchange.own_import import OwnImported

_REDRAW_SECONDS = 0.2


class ImportOutput:
    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._begun = self._drawn_at = monotonic()

    def progress(self, rows: int, share: float) -> None:
        if self._live and (now := monotonic()) - self._drawn_at > _REDRAW_SECONDS:
            self._drawn_at = now
            rate = rows / (now - self._begun)
            click.echo(
                f"\r\x1b[K{counted(rows, 'row')}, {share:.0%}, {rate:,.0f} a second", nl=False, err=True
            )

    def end(self) -> None:
        """Nothing is drawn any more, whatever the end."""
        if self._live:
            click.echo("\r\x1b[K", nl=False, err=True)

    def say(self, line: str) -> None:
        click.echo(safe_line(line), err=True)

    def remark(self, store: Connection) -> None:
        for line in store.remarks.take():
            self.say(line)


def told_of_set(name: str, added: Imported, database: Path, place: str) -> str:
    judge = f"Judge them: {_command('grade', place)}"
    if not added.answers:
        return f"{name} is in {database} already: nothing was added. {judge}"
    what = f"{added.answers} answers of {added.models} models to {added.prompts} prompts"
    return f"{what}, and the verdicts of {name} on them, are in {database} now. {judge}"


def told_of_own(name: str, done: OwnImported) -> str:
    there = f"{done.there:,} {'was' if done.there == 1 else 'were'} there already"
    return f"{name}: {counted(done.added, 'row')} added, {there}."


def told_of_file(name: str, task: str, done: ForeignImported, place: str) -> str:
    """With what to do next."""
    if not done.rows:
        return f"{name} was imported before: nothing was added."
    if not done.answers:
        there = done.rows - done.new_items
        added = f"{counted(done.new_items, 'prompt')} added to the task {task}, {there:,} there already"
        return f"{name}: {added}. Have them answered: {_command(f'run -t {task}', place)}"
    models = f"{counted(done.models, 'model')} to {counted(done.prompts, 'prompt')}"
    new = f", {done.new_items:,} of them new, in the task {task}" if done.new_items else ""
    return (
        f"{name}: {counted(done.answers, 'answer')} of {models}{new}. Judge them: {_command('grade', place)}"
    )


def _command(words: str, place: str) -> str:
    return f"llm-grader {words} {place}".rstrip()
