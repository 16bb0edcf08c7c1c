"""Who still judges blind what a command leaves out, and the key that ends it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from tui.cli.options import place
from tui.store.graders import ID_SHOWN

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.exchange.masking import BlindSession


def how_it_ends(blind: tuple[BlindSession, ...], *, demo: bool, db: Path | None) -> str:
    """A sentence about the newest of these sessions, of which there is one at least."""
    others = f", and {len(blind) - 1} more" if len(blind) > 1 else ""
    return f"`B` in `{_command(blind[0], demo=demo, db=db)}` ends that session{others}."


def _command(session: BlindSession, *, demo: bool, db: Path | None) -> str:
    grader = ["--grader", session.grader]
    if session.mode == "free":
        app = ["demo"] if demo else []
        return " ".join(filter(None, ["llm-grader", *app, shlex.join(grader), place(False, db)]))
    pairs = ["--pairs"] if session.mode == "pairs" else []
    words = ["llm-grader", "grade", *pairs, "--session", session.id[:ID_SHOWN], *grader]
    return " ".join(filter(None, [shlex.join(words), place(demo, db)]))
