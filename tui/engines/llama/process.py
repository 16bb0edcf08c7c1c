"""One worker process as its parent sees it: started, spoken to, listened to, ended for certain."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psutil

from tui.engines.llama.ending import Ending
from tui.engines.llama.protocol import WorkerEvent
from tui.engines.llama.threads import how_to_wait
from tui.engines.llama.worker_log import new_log
from tui.processes.child import child_environment, module_command, start_listened
from tui.text import safe_line

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping, Sequence

    from tui.engines.llama.protocol import Command, LoadSpec

COMMAND = module_command("tui.engines.llama.worker.main")
ENVIRONMENT = {"GGML_NO_BACKTRACE": "1", **how_to_wait()}
"""Environment of every process that loads llama.cpp, except for the person's own choices."""
_LONGEST_LINE = 1 << 25
"""Bytes: a prompt as it was rendered, which fits into a context, or a chat template."""
_GRACE_SECONDS = 1.0
"""The time after its stdin closes: what was running has ended long before, or was stopped."""
_LEAVING_SECONDS = 5.0
"""The time after a kill. A call of the system that cannot be interrupted may last longer."""
_PIECE = 1 << 16


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
            process = await start_listened(
                command,
                stderr=stderr,
                longest_line=_LONGEST_LINE,
                environment=child_environment(environment),
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
        """Its events until it closes its pipe, which it does by ending. Raises ValueError for what is not its
        protocol, or longer than any line of it."""
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

    def is_stopped(self) -> bool:
        """True while the system keeps it from running, as after SIGSTOP."""
        try:
            return psutil.Process(self.pid).status() == psutil.STATUS_STOPPED
        except psutil.Error:
            return False

    @property
    def name(self) -> str:
        """The name of its weights, for a line to the person."""
        return self._name

    async def close(self) -> None:
        """Ask it to end, then make it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self.leave(_GRACE_SECONDS)

    async def leave(self, seconds: float) -> bool:
        """Give it so long to end, then kill it; whether it ended by itself."""
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
            return True
        except TimeoutError:
            self.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _LEAVING_SECONDS)
        return False

    async def discard_output(self) -> None:
        """Read the rest of a killed worker that nobody hears: its end shows only after its whole output."""
        assert self._process.stdout is not None
        while await self._process.stdout.read(_PIECE):
            pass
