"""The memory of llama.cpp's extra layouts: whether they work with this build on this processor.

For a CPU that can use it, llama.cpp lays weights out anew while it loads them: in tiles for Intel's AMX, in
rows by fours and eights for other vector units. With some builds every batch crashes then. Without the extra
layouts the same build works, about as fast.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui import paths
from tui.engines.llama.installed import installed_build, this_cpu
from tui.files import read_small, replace_whole
from tui.paths import make_folder

if TYPE_CHECKING:
    from pathlib import Path

_MOST = 16
"""A home folder may be shared by machines of several kinds."""
_LARGEST = 1 << 16
"""Bytes; ours are a few hundred."""


class Crash(Struct, frozen=True, kw_only=True):
    """With this build on this processor a batch crashed with the extra layouts, and not without them."""

    build: str
    cpu: str
    learnt: str
    """The day, as YYYY-MM-DD."""


class _Learnt(Struct, frozen=True):
    crashes: tuple[Crash, ...] = ()


class Layouts:
    """Kept in a file, so that no other start of the program crashes to learn it. With another build or
    another processor nothing is known. Where the file cannot be written, this process remembers."""

    def __init__(self, file: Path | None = None, *, build: str | None = None, cpu: str | None = None) -> None:
        """`build` and `cpu` are the installed one and this one, unless said otherwise."""
        self.file = file or paths.state_dir() / "layouts.json"
        self._build, self._cpu = build, cpu
        self._own: Crash | None = None

    @property
    def crash(self) -> Crash | None:
        build, cpu = self._here()
        if self._own and (self._own.build, self._own.cpu) == (build, cpu):
            return self._own
        known = (each for each in self._read() if (each.build, each.cpu) == (build, cpu))
        return next(known, None)

    @property
    def extra(self) -> bool:
        """True if weights are to be loaded with them."""
        return self.crash is None

    def remember_crash(self) -> None:
        if self.crash:
            return
        build, cpu = self._here()
        self._own = Crash(build=build, cpu=cpu, learnt=time.strftime("%Y-%m-%d"))
        self._write(_Learnt((*self._read(), self._own)[-_MOST:]))

    def _here(self) -> tuple[str, str]:
        return self._build or installed_build(), self._cpu or this_cpu()

    def _read(self) -> tuple[Crash, ...]:
        """Nothing, of a file that is not there, is not ours, or is no file."""
        try:
            return msgspec.json.decode(read_small(self.file, _LARGEST), type=_Learnt).crashes
        except (OSError, ValueError, RecursionError):
            return ()

    def _write(self, learnt: _Learnt) -> None:
        with suppress(OSError):
            make_folder(self.file.parent)
            replace_whole(self.file, msgspec.json.encode(learnt))
