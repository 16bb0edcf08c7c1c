"""From where to where an export goes, and what it may not be asked together with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TextIO, TypeVar

import click

from tui.cli.streams import standard_output
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tui.store.database import Store

T = TypeVar("T")


class Target(NamedTuple):
    output: Path | None
    """None is standard output."""
    force: bool
    demo: bool
    db: Path | None

    def store(self) -> Store:
        from tui import paths
        from tui.store.database import Store

        return Store.open(self.db or paths.database_file(demo=self.demo), create=False)

    def write(self, write: Callable[[TextIO], T]) -> T:
        from tui.store.files import write_file_atomically

        if self.output is None:
            return write(standard_output())
        return write_file_atomically(self.output, write, overwrite=self.force)

    def tell(self, what: str, remarks: list[str]) -> None:
        """Say what could not be read, and what was written into a file."""
        for remark in remarks:
            click.echo(safe_line(remark), err=True)
        if self.output is not None:
            click.echo(f"{what} written to {safe_line(str(self.output))}", err=True)


def refuse_beside(option: str, others: Mapping[str, object]) -> None:
    """Raises UsageError where any of the others was asked for beside the option."""
    from tui.errors import UsageError

    given = [name for name, value in others.items() if value]
    if given:
        raise UsageError(f"{option} and {given[0]} do not go together.")


def refuse_ending(output: Path | None, allowed: str, asked: str, endings: tuple[str, ...]) -> None:
    """Raises UsageError where the file's name ends as another format does."""
    from tui.errors import UsageError
    from tui.toml.mistakes import shown

    ending = output.suffix.lower() if output else ""
    if output and ending in endings and ending != f".{allowed}":
        raise UsageError(f"{shown(output.name)} ends as {ending[1:]} does, and {asked} asks for {allowed}.")
