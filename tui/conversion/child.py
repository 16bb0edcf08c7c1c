"""A step of a conversion in a process of its own, which takes its memory along when it ends."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from tui.engine.process import child_environment
from tui.errors import WeightsError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.weights.control import Control

_LOOK_UP = 0.1
_ENDING_SECONDS = 5.0
_LINE_END = re.compile(rb"[\r\n]+")  # a progress bar goes back to the beginning of its line


class ChildFailedError(WeightsError):
    """Says what the process said last."""


def lines_of(
    arguments: Sequence[str],
    *,
    log: Path,
    control: Control,
    errors_too: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """What `python ARGUMENTS` prints, line by line; all of it, with its errors, goes to `log`.

    Raises ChildFailedError where it fails, StoppedError after `control.stop()`. The process is gone when this
    ends, however it ends.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        child = subprocess.Popen(
            [sys.executable, "-P", *arguments],
            stdin=subprocess.PIPE,  # closed when we die, which ends the child
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors_too else file,
            env=child_environment({"PYTHONUTF8": "1", **(environment or {})}),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows only
        )
        last = ""
        try:
            for line in _read(child, control):
                file.write(f"{line}\n".encode())
                last = line
                yield line
            if code := child.wait():
                raise ChildFailedError(f"{last or f'exit code {code}'} (more in {log})")
        finally:
            _end(child)


def _read(child: subprocess.Popen[bytes], control: Control) -> Iterator[str]:
    assert child.stdout is not None
    read: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_pass_on, args=(child.stdout.fileno(), read), daemon=True).start()
    unfinished = b""
    while (data := _next(read, control)) != b"":
        *lines, unfinished = _LINE_END.split(unfinished + data)
        yield from (safe_line(line.decode("utf-8", "replace")) for line in lines if line)
    if unfinished:
        yield safe_line(unfinished.decode("utf-8", "replace"))


def _pass_on(descriptor: int, read: queue.SimpleQueue[bytes]) -> None:
    import os

    try:
        while data := os.read(descriptor, 1 << 16):
            read.put(data)
    except OSError:
        pass
    read.put(b"")


def _next(read: queue.SimpleQueue[bytes], control: Control) -> bytes:
    while True:
        control.check()
        try:
            return read.get(timeout=_LOOK_UP)
        except queue.Empty:
            continue


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            stream.close()
