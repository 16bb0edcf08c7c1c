"""Files that are either whole or not there."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO, TypeVar

from tui import paths
from tui.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


def write_file_atomically(path: Path, write: Callable[[TextIO], T], *, overwrite: bool = False) -> T:
    """Let `write` fill a file beside `path`, then rename it; returns what `write` returns.

    The file is its owner's alone. The stream is UTF-8 and leaves line ends alone. A device or a pipe is
    written to directly. StoreError when the file exists and `overwrite` is not set, or when it cannot be
    written; a file that was there stays.
    """
    refuse_existing(path, overwrite=overwrite)
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as stream:
                return write(stream)
        return _write_and_rename(path.resolve(), write)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    if path.is_dir():
        raise StoreError(f"{path} is a folder: name a file.")
    if path.is_file() and not overwrite:
        raise StoreError(f"{path} exists: name another file, or add --force to replace it.")


def _write_and_rename(path: Path, write: Callable[[TextIO], T]) -> T:
    paths.make_folder(path.parent)
    temporary = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        temporary.unlink(missing_ok=True)
        with open(temporary, "x", encoding="utf-8", newline="", opener=paths.private) as stream:
            result = write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return result
