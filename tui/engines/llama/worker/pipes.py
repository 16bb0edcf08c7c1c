"""The worker's two pipes: commands in, events out, one JSON line each."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msgspec import Struct

_READ = 1 << 12
"""Bytes. Larger pieces, given back but for the little that came, leave holes in their thread's memory."""
_STDIN, _STDOUT, _STDERR = 0, 1, 2


class Pipes:
    """Takes standard input and output over: from here on whatever C or Python prints goes to the log file."""

    def __init__(self) -> None:
        self._out = os.dup(_STDOUT)
        os.dup2(_STDERR, _STDOUT)
        if sys.platform == "win32":
            import msvcrt

            msvcrt.setmode(_STDIN, os.O_BINARY)
            msvcrt.setmode(self._out, os.O_BINARY)
        self._encoder = msgspec.json.Encoder()
        self._writing = threading.Lock()

    def emit(self, event: Struct) -> None:
        """Callable from any thread. An event for a parent that is gone is dropped."""
        line = memoryview(self._encoder.encode(event) + b"\n")
        with self._writing:
            try:
                while line:
                    line = line[os.write(self._out, line) :]
            except OSError:
                return

    def lines(self) -> Iterator[bytes]:
        """The parent's lines, until it closes the pipe or dies.

        Reads the descriptor itself: at exit a thread waiting inside sys.stdin would hold a lock that the
        interpreter needs.
        """
        pieces: list[bytes] = []
        while chunk := self._read():
            *complete, rest = chunk.split(b"\n")
            for line in complete:
                yield b"".join([*pieces, line])
                pieces.clear()
            pieces.append(rest)

    def _read(self) -> bytes:
        try:
            return os.read(_STDIN, _READ)
        except OSError:  # a parent that dies may leave a broken pipe instead of a closed one
            return b""
