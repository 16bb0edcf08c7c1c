"""One way of starting a child process: it runs a module of this very program, shows no window, and ends with
this process."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypedDict

import tui
from tui.processes.job import ends_with_us
from tui.processes.with_parent import parent_named

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Mapping, Sequence

    Stream = int | IO[bytes]

_NOTHING: dict[str, str] = {}


def module_command(module: str, *arguments: str) -> tuple[str, ...]:
    """A module of ours, which calls `end_with_parent` first thing; never one of the folder we were started
    in."""
    return (sys.executable, "-P", "-m", module, *arguments)


def guarded_command(module: str, *arguments: str) -> tuple[str, ...]:
    """A command that runs any module and ends when its standard input, a pipe, is closed."""
    return module_command("tui.processes.guarded", module, *arguments)


def child_environment(
    defaults: Mapping[str, str] = _NOTHING, settings: Mapping[str, str] = _NOTHING
) -> dict[str, str]:
    """The person's own settings win over `defaults`, not over `settings`."""
    environment = {"PYTHONUTF8": "1", **defaults, **os.environ, **settings, **parent_named()}
    root = Path(tui.__file__).parent.parent
    if root.name not in ("site-packages", "dist-packages"):
        inherited = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(root), *([inherited] if inherited else [])])
    return environment


def start(
    command: Sequence[str],
    *,
    stdin: Stream,
    stdout: Stream,
    stderr: Stream,
    environment: Mapping[str, str] | None = None,
    leads_group: bool = False,
) -> subprocess.Popen[bytes]:
    """`environment` is of `child_environment`. `leads_group`: signals can be sent to it and what it starts.
    Raises OSError."""
    child = subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        process_group=0 if leads_group and sys.platform != "win32" else None,
        **_options(environment),
    )
    ends_with_us(child.pid)
    return child


async def start_listened(
    command: Sequence[str],
    *,
    stderr: Stream,
    longest_line: int,
    environment: Mapping[str, str] | None = None,
) -> Process:
    """Start a child on this event loop, with a pipe to it and one from it, whose lines have so many bytes at
    most. Raises OSError."""
    child = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=stderr,
        limit=longest_line,
        **_options(environment),
    )
    ends_with_us(child.pid)
    return child


def run(
    command: Sequence[str],
    *,
    seconds: float,
    stderr: Stream = subprocess.PIPE,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Waits for its end. Raises TimeoutExpired, with what it had said, when it was ended after so many
    seconds; OSError."""
    nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
    with start(command, stdin=nothing, stdout=pipe, stderr=stderr, environment=environment) as child:
        try:
            output, errors = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            child.kill()
            error.output, error.stderr = child.communicate()
            raise
        except BaseException:
            child.kill()
            raise
    return subprocess.CompletedProcess(child.args, child.returncode, output, errors)


class _Options(TypedDict):
    env: dict[str, str]
    creationflags: int


def _options(environment: Mapping[str, str] | None) -> _Options:
    return {
        "env": child_environment() if environment is None else dict(environment),
        "creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows only
    }
