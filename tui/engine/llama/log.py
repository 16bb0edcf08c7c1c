"""llama.cpp's log: written to this process's log file, its warnings and errors kept for the person."""

from __future__ import annotations

import os

import llama_cpp.llama_cpp as llama

from tui.text import safe_line

_DEBUG, _WARN, _ERROR, _CONTINUED = 1, 3, 4, 5
_STDERR = 2
_KEPT = 50


class Log:
    """Takes llama.cpp's log over. Keep it for as long as llama.cpp runs: it owns the C callback."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self._level = 0
        self._line = b""
        self._callback = llama.llama_log_callback(self._receive)
        llama.llama_log_set(self._callback, None)

    def _receive(self, level: int, text: bytes | None, _data: object) -> None:
        if level != _CONTINUED:
            self._level = level
            self._line = b""
        if not text or self._level == _DEBUG:
            return
        os.write(_STDERR, text)
        self._line += text
        if self._line.endswith(b"\n"):
            self._keep(safe_line(self._line.decode("utf-8", "replace")))
            self._line = b""

    def _keep(self, line: str) -> None:
        kept = {_WARN: self.warnings, _ERROR: self.errors}.get(self._level)
        if kept is not None and line and line not in kept and len(kept) < _KEPT:
            kept.append(line)
