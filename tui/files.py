"""Small files, read without belief in what they are and replaced whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

LARGEST_TEXT = 4_000_000
"""Bytes of a file that a person writes: configuration, models, prompts, a template."""
LARGEST_STATE = 16_000_000
"""Bytes of a file that the program keeps for itself."""


class UnfitFileError(OSError):
    """There is no file there, or one that is too large. `strerror` says which."""


def read_small(path: Path, most: int = LARGEST_TEXT, *, follow: bool = True) -> bytes:
    """All of a regular file. Raises OSError; it never waits, as for the other end of a FIFO.

    Without `follow` a link is an error: it leads to what somebody else has put there.
    """
    _refuse_unfit(path, path.stat(follow_symlinks=follow), most)  # before it is opened: devices act on it
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    flags |= 0 if follow else getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123
        _refuse_unfit(path, os.fstat(file.fileno()), most)
        data = file.read(most + 1)
    if len(data) > most:
        raise _too_large(path, most)
    return data


def replace_whole(path: Path, data: bytes, temporary: Path | None = None, *, mode: int = 0o666) -> None:
    """The file with other contents, at once and by one rename: no link there is followed. Raises OSError.

    It is the account's alone; where `temporary` is named, which one process at a time may write, it has this
    mode, less what the umask takes.
    """
    if temporary is None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.", suffix=".tmp")
        temporary = Path(name)
    else:
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def unfitness(path: Path) -> str:
    """Why what stands there is no file that can be read, as "a folder, not a file"; empty for a file."""
    try:
        return _kind(path.stat().st_mode)
    except (OSError, ValueError):
        return ""


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISDIR(mode):
        return "a folder, not a file"
    if stat.S_ISLNK(mode):
        return "a link, which is not followed here"
    return "not a regular file, but a pipe or a device"


def _refuse_unfit(path: Path, found: os.stat_result, most: int) -> None:
    if problem := _kind(found.st_mode):
        raise UnfitFileError(errno.EINVAL, problem, str(path))
    if found.st_size > most:
        raise _too_large(path, most)


def _too_large(path: Path, most: int) -> UnfitFileError:
    told = f"larger than the {most // 1_000_000} MB that such a file may have"
    return UnfitFileError(errno.EFBIG, told, str(path))
