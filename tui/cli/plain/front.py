"""A sitting of plain mode: commands come, and what they do is said."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from tui.cli.plain import words
from tui.cli.plain.actions import actions
from tui.cli.plain.blinding import HIDDEN
from tui.cli.plain.deciding import Deciding, NotSavedError
from tui.cli.plain.inputs import standard_input
from tui.cli.plain.keys import meant
from tui.cli.plain.reader import Reader, say
from tui.errors import StoreError
from tui.explain import explain
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.cli.plain.actions import Action
    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.grading.session import Session

QUIT = "q"
LONGEST_SAID = 40


def run_plain(session: Session, *, title: str, again: str) -> None:
    """Grade by lines of text, from standard input to standard output, until the person leaves; `again` is the
    command that goes on there. A signal raises KeyboardInterrupt."""
    with interrupting():
        front = Front(session, standard_input())
        try:
            front.run(title)
        except KeyboardInterrupt:
            say("")
            front.part(again)
            raise
        front.part(again)


class Front:
    def __init__(self, session: Session, asked: Input) -> None:
        self._session = session
        self._input = asked
        self._reader = Reader(session)
        self._deciding = Deciding(self._reader, asked)
        self._actions = actions(self._reader, self._deciding, asked)

    def run(self, title: str) -> None:
        hidden = [HIDDEN] if self._session.blind else []
        progress = words.progress_words(self._session.progress())
        say(safe_line(title), progress, *hidden, *self._input.expects)
        self._reader.go_to(self._session.start())
        while (command := self._next()) is not None:
            self._reader.attention.act()
            if meant(command.key, {*self._actions, QUIT}) == QUIT:
                return
            self._do(command)

    def part(self, again: str) -> None:
        say(words.parting_words(self._session.progress(), again))

    def _next(self) -> Command | None:
        reader = self._reader
        criterion = f", {reader.criterion_name}" if reader.criterion_name else ""
        click.echo(f"Grade {reader.name}{criterion}: ", nl=False)
        command = self._input.command()
        say("")
        return command

    def _do(self, command: Command) -> None:
        try:
            self._action(command.key)(command)
        except NotSavedError as error:
            say(str(error))
        except StoreError as error:
            say(explain(error))

    def _action(self, key: str) -> Action:
        letters = self._reader.level_letters
        found = meant(key, {*self._actions, *filter(None, letters)})
        if found in self._actions:
            return self._actions[found]
        return partial(self._deciding.grade, letters.index(found)) if found else _say_unknown


def _say_unknown(command: Command) -> None:
    key = safe_line(command.key)
    what = f"{key[:LONGEST_SAID]!r} means nothing" if key else "That key does nothing"
    say(f"{what} here: ? lists the keys.")
