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
from tui.grading.as_given import answers_words
from tui.grading.practice import PRACTISE
from tui.processes.signals import interrupting
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.cli.plain.actions import Action
    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.grading.practice import Practice
    from tui.grading.session import Session

QUIT = "q"
ON = "."
LONGEST_SAID = 40
WHICH = "Which is better"


def run_plain(session: Session, *, title: str, again: str, practice: Practice | None = None) -> None:
    """Grade by lines of text, from standard input to standard output, until the person leaves; `again` is the
    command that goes on there. A signal raises KeyboardInterrupt."""
    with interrupting():
        asked = standard_input()
        say(safe_line(title))
        if practice is None or _is_practised(practice, asked, again):
            _sit(Front(session, asked), again)


def _is_practised(practice: Practice, asked: Input, again: str) -> bool:
    """Practise where that is asked for; False if the person left meanwhile. Where it is offered, say so."""
    command = f"{again} {PRACTISE}"
    if practice.when == "offered":
        practice.note_offer()
        say(f"{answers_words(practice.count)} with these tasks: {command} does them first.")
    return practice.when != "first" or _sit(Front(practice.begin(), asked), command)


def _sit(front: Front, again: str) -> bool:
    """True if practice came to its end; else part from the person."""
    try:
        if front.run():
            return True
    except KeyboardInterrupt:
        say("")
        front.part(again)
        raise
    front.part(again)
    return False


class Front:
    def __init__(self, session: Session, asked: Input) -> None:
        self._session = session
        self._input = asked
        self._reader = Reader(session)
        self._deciding = Deciding(self._reader, asked)
        self._actions = actions(self._reader, self._deciding, asked)

    def run(self) -> bool:
        """True at the end of practice, from which the session begins; False if the person leaves."""
        hidden = [HIDDEN] if self._session.blind else []
        progress = words.progress_words(self._session.progress(), *self._what)
        say(progress, *hidden, *self._input.expects)
        self._reader.go_to(self._session.start())
        while (command := self._next()) is not None:
            self._reader.attention.act()
            key = meant(command.key, {*self._actions, QUIT})
            if key == QUIT:
                return False
            if key == ON and self._session.practises and self._session.next() is None:
                return True
            self._do(command)
        return False

    def part(self, again: str) -> None:
        say(words.parting_words(self._session.progress(), again, *self._what))

    @property
    def _what(self) -> tuple[str, str]:
        """What is judged, and how that is said."""
        if self._session.compares:
            return "pairs", "judged"
        return "practice answers" if self._session.practises else "answers", "graded"

    def _next(self) -> Command | None:
        reader = self._reader
        criterion = f", {reader.criterion_name}" if reader.criterion_name else ""
        what = WHICH if self._session.compares else f"Grade {reader.name}{criterion}"
        click.echo(f"{what}: ", nl=False)
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
