"""One worker process as its parent sees it: started, spoken to, listened to, ended for certain."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import tui
from tui.engine.ending import Ending
from tui.engine.messages import WorkerEvent
from tui.engine.threads import how_to_wait
from tui.engine.worker_log import new_log
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from tui.engine.messages import Command, LoadSpec

COMMAND = (sys.executable, "-P", "-m", "tui.engine.worker")
ENVIRONMENT = {"PYTHONUTF8": "1", "GGML_NO_BACKTRACE": "1", **how_to_wait()}
_LONGEST_LINE = 1 << 28
_GRACE_SECONDS = 6.0
"""After its stdin closes; the worker itself gives up on a stuck decode after five."""
_TERMINATE_SECONDS = 2.0


class WorkerProcess:
    def __init__(self, process: Process, spec: LoadSpec, log: Path) -> None:
        self._process = process
        self._name = safe_line(Path(spec.path).name)
        self._log = log
        self._encoder = msgspec.json.Encoder()
        self._decoder: msgspec.json.Decoder[WorkerEvent] = msgspec.json.Decoder(WorkerEvent)

    @classmethod
    async def start(
        cls,
        spec: LoadSpec,
        log_folder: Path,
        environment: Mapping[str, str] = ENVIRONMENT,
        command: Sequence[str] = COMMAND,
    ) -> WorkerProcess:
        log = new_log(log_folder, spec.path)
        with log.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=stderr,
                env=child_environment(environment),
                limit=_LONGEST_LINE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows only
            )
        return cls(process, spec, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, command: Command) -> None:
        """Raises UnicodeEncodeError for text that is not valid Unicode; a dead worker is no error here."""
        line = self._encoder.encode(command) + b"\n"
        assert self._process.stdin is not None
        if not self._process.stdin.is_closing():
            self._process.stdin.write(line)

    async def events(self) -> AsyncIterator[WorkerEvent]:
        """Until the worker closes its end, which it does by ending."""
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            yield self._decoder.decode(line)

    async def ended(self) -> Ending:
        """Wait for the end."""
        return Ending(self._name, await self._process.wait(), self._log)

    def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            self._process.kill()

    @property
    def name(self) -> str:
        """Of its weights, for a line to the person."""
        return self._name

    async def close(self) -> None:
        """Ask it to end, then make it: it gets 6 s, then SIGTERM, 2 s later SIGKILL."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        for seconds, end in (
            (_GRACE_SECONDS, self._process.terminate),
            (_TERMINATE_SECONDS, self._process.kill),
        ):
            try:
                await asyncio.wait_for(self._process.wait(), seconds)
                return
            except TimeoutError:
                end()
        await self._process.wait()


def child_environment(additions: Mapping[str, str]) -> dict[str, str]:
    """The person's own settings win; the child must import this very package, installed or not."""
    environment = {**additions, **os.environ}
    root = Path(tui.__file__).parent.parent
    if root.name not in ("site-packages", "dist-packages"):
        inherited = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(root), *([inherited] if inherited else [])])
    return environment
