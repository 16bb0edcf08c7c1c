"""llm-grader import"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from tui.cli import options
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.exchange.importing import Imported


@click.command("import")
@click.argument("imported", metavar="NAME")
@options.demo
@options.db
@interrupting()
def command(imported: str, demo: bool, db: Path | None) -> None:
    """Add answers that were made elsewhere, to be graded like all others.

    NAME is a set that comes with the program. There is one, report-2023: the 30 answers that the 2023 report
    prints, with its verdicts as those of a grader of that name. Asks no network; a second time adds nothing.
    """
    from tui import paths
    from tui.generation.provenance import app_version
    from tui.store.database import Store
    from tui.store.exchange.importing import import_built_in

    _require_built_in(imported)
    file = db or paths.database_file(demo=demo)
    with Store.open(file) as store:
        added = import_built_in(store, imported, app_version=app_version())
        for remark in store.remarks.take():
            click.echo(safe_line(remark), err=True)
    judge = f"llm-grader grade {options.place(demo, db)}".rstrip()
    click.echo(safe_line(f"{_told(imported, added, file)} Judge them: {judge}"), err=True)


def _require_built_in(name: str) -> None:
    from tui.errors import UsageError
    from tui.store.exchange.built_in import SETS
    from tui.toml.mistakes import shown

    if name in SETS:
        return
    sets = f"the built-in sets are: {', '.join(SETS)}"
    if PurePath(name).name != name or PurePath(name).suffix:
        raise UsageError(f"{shown(name)} is a file, and none can be imported yet; {sets}")
    raise UsageError(f"there is no built-in set {shown(name)}; {sets}")


def _told(name: str, added: Imported, file: Path) -> str:
    if not added.answers:
        return f"{name} is in {file} already: nothing was added."
    what = f"{added.answers} answers of {added.models} models to {added.prompts} prompts"
    return f"{what}, and the verdicts of {name} on them, are in {file} now."
