"""Who judges: the grader that a person names, found or asked about."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from tui.cli.streams import take_any_input
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.store.connection import Connection
    from tui.store.people import Person


class Who(NamedTuple):
    name: str
    key: str
    """The name, or where several have it the id, by which the database finds the grader."""


def can_be_asked() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def is_so(question: str) -> bool:
    take_any_input()
    return click.confirm(safe_line(question), default=None, err=True)


def who(store: Connection, name: str, *, typed: bool = False, ask: bool = True) -> Who:
    """The grader of that name; of several the one that the person says they are. A name that was `typed`, is
    new, and is nearly one that is there, is asked about; where nobody can be asked, a line says so.

    Raises UsageError where several have the name and nobody can be asked.
    """
    from tui.store.people import meant, near, people

    known = people(store)
    found = meant(name, known)
    if len(found) > 1:
        return _chosen(store, found) if ask and can_be_asked() else _refused(store, found)
    if found:
        by_name = name in found[0].names or not any(id_.startswith(name) for id_ in found[0].ids)
        return Who(name, name) if by_name else Who(found[0].name, found[0].id)
    for person in near(name, known) if typed else ():
        if not can_be_asked():
            line = f'"{name}" is new here; if you are "{person.name}", say so with --grader.'
            click.echo(safe_line(line), err=True)
        elif is_so(f'You may mean "{person.name}": are you the same?'):
            return Who(person.name, person.name)
    return Who(name, name)


def _chosen(store: Connection, found: list[Person]) -> Who:
    from tui.store.people import described

    click.echo(safe_line(f'Several graders are called "{found[0].name}":'), err=True)
    for number, person in enumerate(found, 1):
        click.echo(safe_line(f"  {number}  {described(store, person)}"), err=True)
    take_any_input()
    number = click.prompt("Which of them are you?", type=click.IntRange(1, len(found)), err=True)
    return Who(found[number - 1].name, found[number - 1].id)


def _refused(store: Connection, found: list[Person]) -> Who:
    from tui.errors import UsageError
    from tui.store.graders import ID_SHOWN
    from tui.store.people import described

    each = (f"{person.id[:ID_SHOWN]} ({described(store, person)})" for person in found)
    name = found[0].name
    raise UsageError(
        f'several graders are called "{name}": say which by --grader ID, one of {", ".join(each)}.'
    )
