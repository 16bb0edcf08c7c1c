"""A text written in the person's own editor, for which the app leaves the terminal."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from tui.explain import reason_of
from tui.files import read_small
from tui.text_files import EncodingError, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from textual.app import App

NO_EDITOR = "No editor is named: set VISUAL or EDITOR to the command of yours before you start llm-grader."


async def edit_outside(app: App[Any], text: str) -> str | None:
    """The text as the person left it there; None where there is no editor or it failed, which is said in a
    line. Answers go on being written meanwhile, and nothing is drawn."""
    command = _command()
    if not command:
        app.notify(NO_EDITOR)
        return None
    try:
        with _file_of(text) as file:
            code = await _run(app, [*command, str(file)])
            if code == 0:
                return decoded(read_small(file)).removesuffix("\n")
        problem = f"it ended with exit code {code}"
    except OSError as error:
        problem = reason_of(error)
    except EncodingError as error:
        problem = f"what it wrote cannot be read: {error}"
    except SuspendNotSupported:
        problem = "this terminal cannot be given to another program"
    app.notify(f"{_program(command)}: {problem}. What is written here is as it was.", severity="warning")
    return None


def _command() -> list[str]:
    named = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        return [part.strip('"') for part in shlex.split(named, posix=os.name == "posix")]
    except ValueError:  # a quotation mark without its other half
        return [named]


def _program(command: list[str]) -> str:
    """As short as a person calls it: a toast breaks a long path in the middle of the sentence."""
    return Path(command[0]).name or command[0]


@contextmanager
def _file_of(text: str) -> Iterator[Path]:
    """A file that only this account can read, there for as long as the editor is."""
    handle, name = tempfile.mkstemp(prefix="llm-grader-", suffix=".txt")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        yield Path(name)
    finally:
        with suppress(OSError):
            Path(name).unlink()


async def _run(app: App[Any], command: list[str]) -> int:
    with app.suspend():
        try:
            editor = await asyncio.create_subprocess_exec(*command)
        except OSError as error:  # raised here it would leave the app without its terminal
            failure = error
        else:
            with _deaf_to_interrupts():
                return await editor.wait()
    raise failure


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A terminal sends Ctrl-C to both programs, and it is meant for the editor."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
