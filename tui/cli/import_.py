"""llm-grader import"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import click

from tui.cli import completion, options
from tui.cli.options import OUTPUT
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.cli.import_output import ImportOutput
    from tui.store.database import Store
    from tui.store.exchange.foreign import Reading
    from tui.store.exchange.source import Source

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
@options.prompts_dir
@options.demo
@options.db
@interrupting()
def command(
    imported: str,
    task: str | None,
    output: Path | None,
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
    from tui.cli.import_output import ImportOutput, told_of_set
    from tui.generation.provenance import app_version
    from tui.store.database import Store
    from tui.store.exchange.built_in import SETS
    from tui.store.exchange.importing import import_built_in

    named = {role: column for role, column in columns.items() if column is not None}
    database = db or paths.database_file(demo=demo)
    place = options.place(demo, db)
    if imported not in SETS:
        _import_file(_file(imported), task, named, output, prompts_dir, database, place)
        return
    _refuse_choices(imported, task, named, output)
    with Store.open(database) as store:
        added = import_built_in(store, imported, app_version=app_version())
        _say_remarks(store)
    judge = f"llm-grader grade {place}".rstrip()
    ImportOutput().say(f"{told_of_set(imported, added, database)} Judge them: {judge}")


def _import_file(
    path: Path,
    task: str | None,
    columns: Mapping[str, str],
    output: Path | None,
    prompts_dir: Path | None,
    database: Path,
    place: str,
) -> None:
    from tui.cli.import_output import ImportOutput
    from tui.store.database import Store
    from tui.store.exchange.import_file import file_format
    from tui.store.exchange.source import open_source

    shown = ImportOutput()
    with open_source(path) as source:
        if (found := file_format(source)) is None:
            _refuse_choices(f"{path} is an export of llm-grader: it", task, columns, output)
            reading = None
        else:
            reading = _reading(path, found, task, columns, output)
        with Store.open(database) as store:
            try:
                words = _imported(store, source, reading, prompts_dir, shown, place)
            finally:
                shown.end()
            _say_remarks(store)
    shown.say(words)


def _imported(
    store: Store,
    source: Source,
    reading: Reading | None,
    prompts_dir: Path | None,
    shown: ImportOutput,
    place: str,
) -> str:
    """What came of it, in words."""
    from tui.catalogue.catalogue import load_catalogue
    from tui.cli.import_output import told_of_file, told_of_own
    from tui.generation.provenance import app_version
    from tui.store.exchange.foreign import import_foreign
    from tui.store.exchange.own_import import import_own
    from tui.store.exchange.progress import Progress

    progress = Progress(shown.progress)
    if reading is None:
        return told_of_own(source.path.name, import_own(store, source, progress))
    tasks = load_catalogue(prompts_dir=prompts_dir).tasks
    done = import_foreign(store, source, tasks, reading, progress, app_version=app_version())
    return told_of_file(source.path.name, reading.task, done, place)


def _reading(
    path: Path, found: Any, task: str | None, columns: Mapping[str, str], output: Path | None
) -> Reading:
    from tui.errors import UsageError
    from tui.store.exchange.foreign import Reading
    from tui.store.exchange.items_in_files import named_task, task_of_file
    from tui.store.files import refuse_existing

    if output:
        if task is None:
            raise UsageError("-o writes the prompts of --as-task NAME as a task file: name the task")
        refuse_existing(output, overwrite=False)
    name = task_of_file(path) if task is None else named_task(task)
    return Reading(found, name, columns, as_items=task is not None, output=output)


def _refuse_choices(what: str, task: str | None, columns: Mapping[str, str], output: Path | None) -> None:
    from tui.errors import UsageError

    given = [
        *(["--as-task"] if task else []),
        *(f"--{role}" for role in columns),
        *(["-o"] if output else []),
    ]
    if given:
        raise UsageError(f"{what} comes in as it is: take {' and '.join(given)} away")


def _file(name: str) -> Path:
    from tui.errors import UsageError
    from tui.store.exchange.built_in import SETS
    from tui.toml.mistakes import shown

    path = Path(name).expanduser()
    if PurePath(name).name == name and not PurePath(name).suffix and not path.exists():
        sets = f"the built-in sets are: {', '.join(SETS)}"
        raise UsageError(f"there is no built-in set {shown(name)}, and no such file; {sets}")
    return path


def _say_remarks(store: Store) -> None:
    for remark in store.remarks.take():
        click.echo(safe_line(remark), err=True)
