"""What each key does."""

from __future__ import annotations

import os
import signal
import string
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.catalogue.rubric import MOST_LEVELS
from tui.cli.plain.blinding import OfAuthors
from tui.cli.plain.history import LookingBack
from tui.cli.plain.keys import ALT, BACKSPACES, HELP, SPACE, SUSPEND, TAB
from tui.cli.plain.moving import Moving
from tui.cli.plain.reader import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.cli.plain.deciding import Deciding
    from tui.cli.plain.inputs import Input
    from tui.cli.plain.keys import Command
    from tui.cli.plain.reader import Reader

    Action = Callable[[Command], None]


def actions(reader: Reader, deciding: Deciding, asked: Input) -> dict[str, Action]:
    """By key."""
    looking, authors = LookingBack(reader, asked), OfAuthors(reader, asked)
    return {
        **_of_deciding(deciding),
        **_of_moving(Moving(reader, asked)),
        **_of_reading(reader),
        "H": looking.look,
        "A": authors.look,
        "B": authors.reveal,
        "G": authors.guess,
    }


def _of_deciding(deciding: Deciding) -> dict[str, Action]:
    digits = {str(number % 10): partial(deciding.grade, number - 1) for number in range(1, MOST_LEVELS + 1)}
    return digits | {
        SPACE: deciding.skip,
        "x": deciding.flag,
        "n": deciding.note,
        "N": deciding.note_last,
        "u": deciding.undo,
        **dict.fromkeys(BACKSPACES, deciding.undo),
        "U": deciding.redo,
    }


def _of_moving(moving: Moving) -> dict[str, Action]:
    panes = {
        f"{ALT}{name}": _alone(moving.go_to_pane, place) for place, name in enumerate(string.ascii_lowercase)
    }
    return panes | {
        TAB: _alone(moving.move_pane, 1),
        "l": _alone(moving.move_pane, 1),
        "h": _alone(moving.move_pane, -1),
        ",": _alone(moving.move_criterion, -1),
        ";": _alone(moving.move_criterion, 1),
        "[": _alone(moving.move_item, -1),
        "]": _alone(moving.move_item, 1),
        ".": _alone(moving.next_open),
        "s": _alone(moving.move_sample, 1),
        "S": _alone(moving.move_sample, -1),
        "/": moving.search,
    }


def _of_reading(reader: Reader) -> dict[str, Action]:
    again = dict.fromkeys("zjkgv", _alone(reader.read_answer))
    return again | {
        "i": _alone(reader.read_details),
        "I": _alone(reader.read_guidelines),
        "?": _alone(_help),
        SUSPEND: _alone(_suspend, reader),
    }


def _alone(does: Callable[..., None], *arguments: Any) -> Action:
    """For what needs no text."""
    return lambda _: does(*arguments)


def _help() -> None:
    say(*(f"{keys}: {does}." for keys, does in HELP))


def _suspend(reader: Reader) -> None:
    """Back to the shell, where the system can."""
    if stop := getattr(signal, "SIGTSTP", None):
        os.kill(0, stop)
        reader.read_criterion()
