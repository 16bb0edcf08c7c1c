"""Where commands come from: single keys of a terminal, or lines of a pipe."""

from __future__ import annotations

import sys
from time import monotonic
from typing import Protocol

import click

from tui.app.pace import LEAST_SECONDS
from tui.cli.plain.keys import IN_LINES, Command, is_unfinished, of_keys, of_line
from tui.cli.streams import take_any_input

SEQUENCE_SECONDS = 0.05
"""The longest time between two parts of an escape sequence."""
ONLY_THE_FIRST = "Several keys came at once: only the first counts."


class Input(Protocol):
    @property
    def expects(self) -> tuple[str, ...]:
        """What a person has to know first."""
        ...

    @property
    def least_seconds(self) -> float:
        """The least time between two decisions."""
        ...

    def command(self) -> Command | None:
        """The next one; None at the end."""
        ...

    def ask(self, question: str) -> str | None:
        """A line of text, None if the person would rather not."""
        ...


class Pipe:
    expects = IN_LINES
    least_seconds = 0.0

    def command(self) -> Command | None:
        line = sys.stdin.readline()
        return of_line(line) if line else None

    def ask(self, question: str) -> str | None:
        """What a command needs stands in its own line."""
        return ""


class Keyboard:
    """Keys that were pressed while something was printed count for nothing: a person had not read it."""

    expects = ("Press ? for the keys, q to leave.",)
    least_seconds = LEAST_SECONDS

    def __init__(self) -> None:
        self._begun, self._begun_at = "", 0.0
        """The beginning of an escape sequence."""
        self._rest = ""

    def command(self) -> Command | None:
        if self._rest.strip():
            click.echo(ONLY_THE_FIRST)
        while True:
            try:
                keys = self._keys()
            except (EOFError, OSError):  # Ctrl-D; the terminal is gone
                return None
            if keys and (command := of_keys(keys)).key:
                self._rest = command.text or ""
                return Command(command.key)

    def ask(self, question: str) -> str | None:
        """What came together with the key is the beginning of the text."""
        begun, self._rest = self._rest, ""
        click.echo(question, nl=False)
        if "\r" in begun or "\n" in begun:
            click.echo(begun.splitlines()[0])
            return begun.splitlines()[0].strip()
        click.echo(begun, nl=False)
        line = sys.stdin.readline()
        return (begun + line).strip() if line else None

    def _keys(self) -> str:
        """What was sent in one piece; empty while a sequence is not whole. Raises EOFError, OSError."""
        came = click.getchar()
        if not came:
            raise EOFError
        if "\x03" in came:
            raise KeyboardInterrupt
        if self._begun and monotonic() - self._begun_at < SEQUENCE_SECONDS:
            came = self._begun + came
        self._begun, self._begun_at = (came, monotonic()) if is_unfinished(came) else ("", 0.0)
        return "" if self._begun else came


def standard_input() -> Input:
    take_any_input()
    return Keyboard() if sys.stdin.isatty() else Pipe()
