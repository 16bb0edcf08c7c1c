"""Every command there is, each run in a forked process: what `test_every_command` and others ask of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import tui
from tui.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 54321
MOST_LINES = 6
_GIVEN = {"source": "someone/some", "name": "code-generation/1", "imported": "report-2023"}
NOT_UTF8 = b"/nowhere/\xff\xfe.toml"


def every_command(group: click.Group = cli, before: tuple[str, ...] = ()) -> Iterator[Command]:
    yield before, group
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from every_command(command, (*before, name))
        else:
            yield (*before, name), command


Command = tuple[tuple[str, ...], click.Command]
COMMANDS = list(every_command())


def arguments_of(command: Command, value: str | bytes | None = None) -> list[str | bytes]:
    """A call that would be right, with `value` in place of what it names."""
    names, it = command
    required = [each for each in it.params if isinstance(each, click.Argument) and each.required]
    return [*names, *(value or _GIVEN.get(each.name or "", "mpt-7b-chat") for each in required)]


def places_in(folder: Path) -> dict[str, str]:
    return {f"LLM_GRADER_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "CONFIG", "STATE")}


class Forked:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("forked.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | places_in(folder) | {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0"},
            cwd=Path(tui.__file__).parent.parent,
        )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps([arguments_of(command) for command in COMMANDS]) + "\n")
        self._server.stdin.flush()
        assert self._server.stdout.readline() == "ready\n"

    def close(self) -> None:
        self._server.communicate()

    def __call__(self, arguments, environment=None, **changes: Any) -> dict[str, Any]:
        whole = {"PATH": os.environ["PATH"], "HOME": self.folder / "home", "HF_HOME": self.folder / "hf"}
        whole |= places_in(self.folder) | (environment or {})
        request = {
            "arguments": [os.fsencode(each).hex() for each in arguments],
            "environment": {k: os.fsencode(v).hex() for k, v in whole.items() if v is not None},
            "folder": str(self.folder),
        }
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request | changes) + "\n")
        self._server.stdin.flush()
        return json.loads(self._server.stdout.readline())


def check(done: dict[str, Any], what: object, codes: tuple[int, ...] = (0, 1, 2)) -> None:
    told = f"{what}: {done}"
    assert not done["late"], told
    for sign in ("Traceback", "Exception ignored", "made a mistake", "Error:  "):
        assert sign not in done["err"] + done["out"], told
    assert done["code"] in codes, told
    assert len(done["err"].splitlines()) <= MOST_LINES, told


def for_all(forked: Forked, environment=None, codes=(0, 1, 2), **changes: Any) -> None:
    for command in COMMANDS:
        arguments = arguments_of(command)
        check(forked(arguments, environment, **changes), (arguments, environment, changes), codes)
