"""llama.cpp's log: written to this process's log file, its warnings and errors kept for the person."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import llama_cpp.llama_cpp as llama

from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

_DEBUG, _WARN, _ERROR, _CONTINUED = 1, 3, 4, 5
_STDERR = 2
_KEPT = 50


_SPEAKER = re.compile(r"^[a-z_0-9]+: +")
_LETTER = re.compile("[A-Za-z]")


class Log:
    """Takes llama.cpp's log over, from an earlier Log as well."""

    _taker: Log
    """Keeps the one installed alive: llama.cpp has a bare pointer to its callback."""

    def __init__(self, on_text: Callable[[str], None] = lambda _text: None) -> None:
        """`on_text` is given every piece of text as it comes, which may be part of a line."""
        self._on_text = on_text
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self._level = 0
        self._line = b""
        self._callback = llama.llama_log_callback(self._receive)
        llama.llama_log_set(self._callback, None)
        Log._taker = self

    def _receive(self, level: int, text: bytes | None, _data: object) -> None:
        if level != _CONTINUED:
            self._level = level
            self._line = b""
        if not text or self._level == _DEBUG:
            return
        os.write(_STDERR, text)
        self._on_text(text.decode("utf-8", "replace"))
        self._line += text
        if self._line.endswith(b"\n"):
            self._keep(safe_line(self._line.decode("utf-8", "replace")))
            self._line = b""

    def _keep(self, line: str) -> None:
        line = _SPEAKER.sub("", line)
        kept = {_WARN: self.warnings, _ERROR: self.errors}.get(self._level)
        if kept is not None and _LETTER.search(line) and line not in kept and len(kept) < _KEPT:
            kept.append(line)
