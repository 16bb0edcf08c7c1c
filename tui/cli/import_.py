"""llm-grader import"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tui.cli import completion, options
from tui.cli.options import OUTPUT
from tui.processes.signals import interrupting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui.cli.import_choices import Choices

_COLUMNS = {
    "text": "The column of the answer; without answers, of what is asked.",
    "model": "The column of the model's name.",
    "prompt": "The column of what was asked.",
    "input": "The column of what the prompt is about.",
    "expected": "The column of a correct answer.",
    "item": "The column of the prompt's name, as in code-generation/2.",
    "sample": "The column of the answer's number among a model's answers to a prompt.",
    "title": "Without answers, the column of the prompt's title.",
}


def _columns(command: Callable[..., Any]) -> Callable[..., Any]:
    for role, words in reversed(_COLUMNS.items()):
        command = click.option(f"--{role}", metavar="COLUMN", help=words)(command)
    return command


@click.command("import")
@click.argument("imported", metavar="FILE|NAME", shell_complete=completion.imports)
@click.option(
    "--as-task",
    "task",
    metavar="NAME",
    help="The task for prompts that no task has; rows without a model become its prompts.",
)
@_columns
@click.option("-o", "--output", type=OUTPUT, help="Write the prompts of --as-task as a task file too.")
@click.option(
    "--same-graders/--other-graders",
    "same_graders",
    default=None,
    help="Graders of an export who have the name of one here are the same person, or are not.",
)
@options.prompts_dir
@options.demo
@options.db
@interrupting()
def command(
    imported: str,
    task: str | None,
    output: Path | None,
    same_graders: bool | None,
    prompts_dir: Path | None,
    demo: bool,
    db: Path | None,
    **columns: str | None,
) -> None:
    """Add answers that were made elsewhere, to be graded like all others; or prompts; or an export.

    FILE is JSON lines of `llm-grader export`, which come back as they were, or CSV or JSON lines of another
    program, with a row for each answer: prompt, model, text. Columns with usual names are found; others are
    named. A row that does not fit is named, and nothing is imported. A second time adds nothing.

    NAME is a set that comes with the program. There is one, report-2023: the 30 answers that the 2023 report
    prints, with its verdicts as those of a grader of that name.
    """
    from tui import paths
    from tui.cli.import_choices import Choices, import_from, named_file
    from tui.store.exchange.built_in import SETS

    named = {role: column for role, column in columns.items() if column is not None}
    choices = Choices(task, named, output, same_graders)
    database, place = db or paths.database_file(demo=demo), options.place(demo, db)
    if imported in SETS:
        _import_set(imported, choices, database, place)
    else:
        import_from(named_file(imported), choices, prompts_dir, database, place)


def _import_set(name: str, choices: Choices, database: Path, place: str) -> None:
    from tui.cli.import_output import ImportOutput, told_of_set
    from tui.generation.provenance import app_version
    from tui.store.database import Store
    from tui.store.exchange.importing import import_built_in

    choices.refuse(name)
    choices.refuse_graders()
    shown = ImportOutput()
    with Store.open(database) as store:
        added = import_built_in(store, name, app_version=app_version())
        shown.remark(store)
    shown.say(told_of_set(name, added, database, place))
