"""Any error as the one line that a person reads: what happened, where, and what to do about it."""

from __future__ import annotations

import errno
import os
import re
import time
import traceback
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import GraderError
from tui.files import UnfitFileError
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST = 300
_ENDS = 100
_LONG_WORD = re.compile(rf"\S{{{_LONGEST + 1},}}")
"""A name of thousands of letters would hide what is said of it."""
_LARGEST_LOG = 1_000_000

_REASONS = {
    "EACCES": "permission denied: it belongs to another account, or its permissions forbid it",
    "EPERM": "permission denied: it belongs to another account, or its permissions forbid it",
    "ENOENT": "there is no such file or folder",
    "ENOTDIR": "there is a file where a folder has to be",
    "EISDIR": "a folder, not a file",
    "EEXIST": "is there already",
    "ENOTEMPTY": "the folder is not empty",
    "ELOOP": "a link where none may be, or links that lead in a circle",
    "EMLINK": "there are too many links to it",
    "ENAMETOOLONG": "the name is too long: choose a shorter one",
    "EILSEQ": "the file system takes no such name: choose one of plain letters",
    "ENOSPC": "the disk is full: make room and start it again",
    "EDQUOT": "the disk quota is used up: make room and start it again",
    "EFBIG": "the file may not grow that large here: see `ulimit -f`",
    "EROFS": "Read-only file system: name another place",
    "EIO": "the disk cannot be read or written (I/O error): look after it",
    "ESTALE": "the network drive has lost it (stale handle): mount the drive again",
    "EMFILE": "too many files are open: raise the limit with `ulimit -n 4096`",
    "ENFILE": "too many files are open on this machine: close other programs",
    "EAGAIN": "there are too many processes or threads: close other programs, or see `ulimit -u`",
    "ENOMEM": "there is not enough memory: close other programs",
    "ETXTBSY": "it is being run or written by another program",
    "EBUSY": "it is in use by another program",
    "ENXIO": "not a file that can be read",
    "ENODEV": "not a file that can be read",
    "EBADF": "it is closed",
    "EPIPE": "whoever read it has gone",
}
_BY_NUMBER = {number: text for name, text in _REASONS.items() if (number := getattr(errno, name, None))}


def explain(error: BaseException) -> str:
    """One line, safe for a screen. For a failure that a person can hardly repair, it names a log with
    the traceback."""
    return _LONG_WORD.sub(_shortened, safe_line(_words(error)))


def _words(error: BaseException) -> str:
    if isinstance(error, GraderError):
        return str(error)
    if isinstance(error, OSError) and type(error).__module__ == "builtins":
        return _of_system(error)
    return _of_memory_or_text(error) or _of_installation(error) or _mistake(error)


def _shortened(word: re.Match[str]) -> str:
    return f"{word[0][:_ENDS]}…{word[0][-_ENDS:]}"


def reason_of(error: OSError) -> str:
    """The system's reason, and what to do; without the place."""
    if error.errno in _BY_NUMBER and not isinstance(error, UnfitFileError):
        return _BY_NUMBER[error.errno]
    return safe_line(error.strerror or str(error) or type(error).__name__)[:_LONGEST]


def place_of(error: OSError) -> str:
    """The path that the system could not work on; empty where it names none."""
    name = error.filename if error.filename2 is None else error.filename2
    return safe_line(os.fsdecode(name)) if isinstance(name, str | bytes | os.PathLike) else ""


def _of_system(error: OSError) -> str:
    if place := place_of(error):
        return f"{place}: {reason_of(error)}"
    return f"{reason_of(error)}{_where_noted(error)}"


def _of_memory_or_text(error: BaseException) -> str:
    match error:
        case MemoryError():
            return "there is not enough memory for this: close other programs, or choose something smaller"
        case RecursionError():
            return f"something that was read is nested too deeply{_where_noted(error)}"
        case UnicodeError():
            return f"a text or a name cannot be written here: {_short(error)}{_where_noted(error)}"
    return ""


def _of_installation(error: BaseException) -> str:
    reinstall = "install it again: pip install --force-reinstall llm-grader"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"the Python package {error.name} is missing: {reinstall}{_where_noted(error)}"
    if isinstance(error, ImportError):
        return f"a part of the program cannot be loaded ({_short(error)}): {reinstall}{_where_noted(error)}"
    return ""


def _mistake(error: BaseException) -> str:
    told = f"{type(error).__name__}: {_short(error)}" if str(error).strip() else type(error).__name__
    return f"llm-grader made a mistake; please report it: {told}{_where_noted(error)}"


def _short(error: BaseException) -> str:
    return safe_line(str(error))[:_LONGEST]


def _where_noted(error: BaseException) -> str:
    """The log's name; where no log can be written, the place in the program."""
    if log := note(error):
        return f" (more in {log})"
    frames = traceback.extract_tb(error.__traceback__)
    return f" (at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""  # noqa: PTH119


def note(error: BaseException) -> Path | None:
    """The traceback goes to the end of a log, which begins anew when it is large. None where it cannot."""
    try:
        log = paths.log_dir() / "errors.log"
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.unlink()
        told = "".join(traceback.format_exception(error))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        # Not blocking: what stands there may be a FIFO that nobody reads.
        handle = os.open(log, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
        with open(handle, "a", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
            file.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')}, process {os.getpid()}\n{told}\n")
    except (OSError, GraderError, RecursionError, MemoryError):
        return None
    return log
