"""Standard input, output and error as a command can rely on them, whatever it was started with."""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import Any, TextIO

from tui.errors import GraderError
from tui.text import safe_json

_replaced: set[str] = set()
"""The characters that an encoding lacked."""


class OutputError(OSError):
    """Standard output cannot be written: it is closed, its disk is full, or its reader has gone."""


class _Output(io.FileIO):
    """Says of a failure that it is one of the output, and not of any other file."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise OutputError(error.errno, error.strerror) from error


class _Messages(io.FileIO):
    """Standard error. That nobody can read it is no reason to end the work."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def prepare_streams() -> None:
    """Once, before anything is opened or printed."""
    codecs.register_error("llm-grader-text", _replace)
    codecs.register_error("llm-grader-pipe", _replace_but_names)
    _open_closed()
    sys.stdout = _prepared(sys.stdout, sys.__stdout__, _Output, 1)
    sys.stderr = _prepared(sys.stderr, sys.__stderr__, _Messages, 2)


def replaced_characters() -> str:
    """A warning, if an encoding lacked characters that were printed."""
    if not _replaced:
        return ""
    lacks = f"the output is in {sys.stdout.encoding}, which lacks some characters"
    return f"{lacks}: they are ? there; PYTHONUTF8=1 has them all"


def discard_output() -> None:
    """Python writes what is left once more at exit, and would complain once more."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def echo_json(value: object) -> None:
    """Print it as one line. A character that the output lacks, or a file name that is no text, is escaped."""
    import json

    import click
    import msgspec

    try:
        text = safe_json(msgspec.json.encode(value))
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(value))
    unicode = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    click.echo(text if unicode else "".join(map(_escaped, text)))


def standard_output() -> TextIO:
    """Python would turn the CRLF of RFC 4180 into CR CR LF on Windows, and encode as the console does."""
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    return sys.stdout


def take_any_input() -> None:
    """Let no byte that is typed or piped in fail to be text. To be called before anything is read."""
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "replace":
        sys.stdin.reconfigure(errors="replace")


def require_unicode_terminal() -> None:
    """The app draws lines and other people's languages. Raises GraderError."""
    stream = sys.__stdout__ if sys.platform == "win32" else sys.__stderr__
    encoding = (stream and stream.encoding) or "utf-8"
    if codecs.lookup(encoding).name != "utf-8":
        raise GraderError(
            f"the app needs a terminal in UTF-8, and this one is set to {encoding}: if it shows UTF-8, set "
            "PYTHONUTF8=1 and unset PYTHONIOENCODING, else use `llm-grader run` and `llm-grader export`."
        )


def _open_closed() -> None:
    """Else the next file that is opened, the database say, would get the number of a closed stream, and what
    is printed. Writing to a closed output fails still; what a closed input gives is nothing."""
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, flags)
            if null != number:  # a lower one is closed too, and is opened first
                os.dup2(null, number)
                os.close(null)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115


def _prepared(stream: TextIO | None, own: TextIO | None, raw: type[io.FileIO], number: int) -> Any:
    if stream is not own:  # somebody else's, as in a test
        return stream
    if isinstance(stream, io.TextIOWrapper) and sys.platform == "win32" and stream.isatty():
        stream.reconfigure(errors="llm-grader-text")  # what writes Unicode to its console stays
        return stream
    encoding = (stream and stream.encoding) or "utf-8"
    file = raw(number, "w", closefd=False)
    terminal = file.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(file),
        encoding=encoding,
        errors="llm-grader-text" if terminal else "llm-grader-pipe",
        line_buffering=terminal or number == 2,
    )


def _replace(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    if not all("\ud800" <= letter <= "\udfff" for letter in lacking):
        _replaced.update(lacking)
    return "?" * len(lacking), error.end


def _replace_but_names(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write file names that are no text as the bytes that they are, for a program that reads."""
    if isinstance(error, UnicodeEncodeError) and "\udc80" <= error.object[error.start] <= "\udcff":
        return bytes([ord(error.object[error.start]) - 0xDC00]), error.start + 1
    return _replace(error)


def _escaped(letter: str) -> str:
    if letter.isascii():
        return letter
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))
