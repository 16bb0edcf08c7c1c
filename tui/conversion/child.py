"""A step of a conversion in a process of its own, which takes its memory along when it ends."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

from tui.errors import WeightsError
from tui.paths import make_folder, private
from tui.processes.child import child_environment, guarded_command, start
from tui.text import safe_line
from tui.weights.errors import disk_failures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.weights.control import Control

_LOOK_UP = 0.1
_ENDING_SECONDS = 5.0
_LINE_END = re.compile(rb"[\r\n]+")  # a progress bar goes back to the beginning of its line
_TELLING = re.compile(r"[\w.]+(Error|Exception)\b|ERROR")
_LONGEST_SAID = 300


class ChildFailedError(WeightsError):
    """Says how the process was killed, else quotes its last line, of those that name an error if any does."""


def lines_of(
    module: str,
    arguments: Sequence[str],
    *,
    log: Path,
    control: Control,
    errors_too: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Run `python -m MODULE ARGUMENTS` and give its lines; its whole output, with errors, goes to `log`.

    Raises ChildFailedError where it fails, StoppedError after `control.stop()`, WeightsError for the log. The
    process and those it started are gone when this ends, however it ends, and when this program dies.
    """
    with disk_failures(log):
        make_folder(log.parent)
        file = open(log, "ab", opener=private)  # noqa: SIM115 - closed below
    with file:
        child = start(
            guarded_command(module, *arguments),
            stdin=subprocess.PIPE,  # closed when we die, which ends the child
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors_too else file,
            environment=child_environment(settings=environment or {}),
            leads_group=True,  # what it starts ends with it
        )
        telling = last = ""
        reader = _Reader(child)
        try:
            for line in reader.lines(control):
                with disk_failures(log):
                    file.write(f"{line}\n".encode())
                telling, last = (line if _TELLING.match(line) else telling), line
                yield line
            if code := child.wait():
                said = _how_killed(code) or (telling or last or f"exit code {code}")[:_LONGEST_SAID]
                raise ChildFailedError(f"{said} (more in {log})")
        finally:
            _end(child)
            reader.close()


def _how_killed(code: int) -> str:
    if code >= 0:
        return ""
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"its process was ended ({name}), perhaps for want of memory"


class _Reader:
    """Reads in a thread of its own, so that a stop need not wait for the next line."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdout is not None
        self._stream = child.stdout
        self._read: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._pass_on, name="read a step", daemon=True)
        self._thread.start()

    def lines(self, control: Control) -> Iterator[str]:
        """Raises StoppedError."""
        unfinished = b""
        while data := self._next(control):
            *lines, unfinished = _LINE_END.split(unfinished + data)
            yield from (safe_line(line.decode("utf-8", "replace")) for line in lines if line)
        if unfinished:
            yield safe_line(unfinished.decode("utf-8", "replace"))

    def close(self) -> None:
        """Close the pipe of an ended child. A descriptor that is still read is not closed: another file would
        get its number."""
        self._thread.join(_ENDING_SECONDS)
        if not self._thread.is_alive():
            self._stream.close()

    def _pass_on(self) -> None:
        try:
            while data := os.read(self._stream.fileno(), 1 << 16):
                self._read.put(data)
        except OSError:
            pass
        self._read.put(b"")

    def _next(self, control: Control) -> bytes:
        while True:
            control.raise_if_stopped()
            try:
                return self._read.get(timeout=_LOOK_UP)
            except queue.Empty:
                continue


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()  # it ends itself then, and what it started
    try:
        child.wait(_ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
