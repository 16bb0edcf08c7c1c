"""Import of a file: what a person chose for it, and what is told of it."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.catalogue import load_catalogue
from tui.cli.import_output import ImportOutput, told_of_file, told_of_own
from tui.errors import UsageError
from tui.generation.provenance import app_version
from tui.store.database import Store
from tui.store.exchange.built_in import SETS
from tui.store.exchange.foreign import Reading, import_foreign
from tui.store.exchange.import_file import file_format
from tui.store.exchange.items_in_files import named_task, task_of_file
from tui.store.exchange.own_import import import_own
from tui.store.exchange.progress import Progress
from tui.store.exchange.source import open_source
from tui.store.files import refuse_existing
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.store.exchange.foreign import Format
    from tui.store.exchange.source import Source


class Choices(NamedTuple):
    """What a person says of a file, beside its name."""

    task: str | None
    columns: Mapping[str, str]
    output: Path | None
    same_graders: bool | None

    def refuse(self, what: str) -> None:
        """UsageError for what only a file of another program can be told."""
        given = [f"--{role}" for role in self.columns]
        given += ["--as-task"] if self.task is not None else []
        given += ["-o"] if self.output else []
        if given:
            raise UsageError(f"{what} comes in as it is: take {' and '.join(given)} away")

    def refuse_graders(self) -> None:
        """UsageError for what only an export can be told."""
        if self.same_graders is not None:
            raise UsageError("--same-graders and --other-graders are for an export of llm-grader")

    def reading(self, path: Path, found: Format) -> Reading:
        """UsageError for choices that cannot be."""
        self.refuse_graders()
        if self.output:
            if self.task is None:
                raise UsageError("-o writes the prompts of --as-task NAME as a task file: name the task")
            refuse_existing(self.output, overwrite=False)
        name = task_of_file(path) if self.task is None else named_task(self.task)
        return Reading(found, name, self.columns, as_items=self.task is not None, output=self.output)


def named_file(name: str) -> Path:
    """UsageError for a name that can only be meant for a built-in set."""
    path = Path(name).expanduser()
    if PurePath(name).name == name and not PurePath(name).suffix and not path.exists():
        sets = f"the built-in sets are: {', '.join(SETS)}"
        raise UsageError(f"there is no built-in set {shown(name)}, and no such file; {sets}")
    return path


def import_from(path: Path, choices: Choices, prompts_dir: Path | None, database: Path, place: str) -> None:
    """`place` are the options that name the database."""
    output = ImportOutput()
    with open_source(path) as source:
        found = file_format(source)
        if found is None:
            choices.refuse(f"{path} is an export of llm-grader: it")
        reading = choices.reading(path, found) if found else None
        with Store.open(database) as store:
            try:
                if reading:
                    words = _imported_rows(store, source, reading, prompts_dir, output, place)
                else:
                    words = _imported_export(store, source, choices, output)
            finally:
                output.end()
            output.remark(store)
    output.say(words)


def _imported_export(store: Store, source: Source, choices: Choices, output: ImportOutput) -> str:
    done = import_own(store, source, Progress(output.progress), same_graders=choices.same_graders)
    return told_of_own(source.path.name, done)


def _imported_rows(
    store: Store, source: Source, reading: Reading, prompts_dir: Path | None, output: ImportOutput, place: str
) -> str:
    tasks = load_catalogue(prompts_dir=prompts_dir).tasks
    progress = Progress(output.progress)
    done = import_foreign(store, source, tasks, reading, progress, app_version=app_version())
    return told_of_file(source.path.name, reading.task, done, place)
