"""A file that is imported, read line by line. Every mistake in it names the file and the line."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from tui.errors import GraderError
from tui.explain import reason_of
from tui.files import unfitness
from tui.text import safe_line
from tui.text_files import EncodingError, decoded
from tui.toml.mistakes import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST_ROW = 50_000_000
"""Bytes of a line, or of the lines of one row."""
_BLOCK = 1 << 20
_NOT_THERE = "nothing was imported"
_CUT = "the line ends in the middle of it"
_FIELD = re.compile(r"(?s)Object .*(missing required|unknown) field `(.*)`\Z")
_TYPE = re.compile("`([a-z |]+)`")
_TYPES = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
}


class RowError(GraderError):
    """A mistake in an imported file, named by its place."""


class Source:
    """An open file that must stay as it is while it is read."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self.line = 0
        """The number of the line that was read last."""
        self.done = 0
        """Bytes that were read."""
        self._file = file
        self._state = _state(file)
        self.size = self._state[0]

    def first_line(self) -> str:
        """The first line that is not blank. RowError where the file is empty or no text."""
        for line in self._raw_lines():
            try:
                text = decoded(line)
            except EncodingError as error:
                raise self.mistake(str(error).removeprefix("line 1: "), self.line) from error
            if text.strip():
                self.line = self.done = 0
                return text
        raise RowError(safe_line(f"{self.path}: the file is empty; {_NOT_THERE}"))

    def texts(self) -> Iterator[str]:
        """The lines from the first on, with their ends, without a byte order mark."""
        for line in self._raw_lines():
            if b"\0" in line:
                raise self.mistake("a NUL character stands in it: save the file as text", self.line)
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                raise self.mistake("this is not UTF-8 text: save the file as UTF-8", self.line) from error

    def sha256(self) -> str:
        """Of the whole file."""
        digest = hashlib.sha256()
        self._file.seek(0)
        while block := self._file.read(_BLOCK):
            digest.update(block)
        self._require_unchanged()
        return digest.hexdigest()

    def mistake(self, words: str, line: int, column: str = "") -> RowError:
        place = f"line {line}, column {shown(column)}" if column else f"line {line}"
        return RowError(safe_line(f"{self.path}: {place}: {words}; {_NOT_THERE}"))

    def _raw_lines(self) -> Iterator[bytes]:
        self._file.seek(0)
        self.line = self.done = 0
        while line := self._file.readline(LONGEST_ROW + 1):
            self.line += 1
            self.done += len(line)
            if len(line) > LONGEST_ROW:
                raise self.mistake(f"it is longer than {LONGEST_ROW // 1_000_000} MB", self.line)
            if self.done > self.size:
                break
            yield line.removeprefix(codecs.BOM_UTF8) if self.line == 1 else line
        self._require_unchanged()

    def _require_unchanged(self) -> None:
        if _state(self._file) != self._state:
            raise RowError(
                safe_line(
                    f"{self.path}: the file changed while it was read: import it once it is whole;"
                    f" {_NOT_THERE}"
                )
            )


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Raises RowError where there is no file. It never waits, as for the other end of a FIFO."""
    try:
        if problem := unfitness(path):  # before it is opened: devices act on it
            raise RowError(safe_line(f"{path}: {problem}: name a file"))
        file = os.fdopen(os.open(path, _flags()), "rb")
    except OSError as error:
        raise RowError(safe_line(f"{path}: {reason_of(error)}")) from error
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise RowError(safe_line(f"{path}: not a regular file: name a file"))
        try:
            yield Source(path, file)
        except OSError as error:
            if error.filename is not None:
                raise
            raise RowError(safe_line(f"{path}: {reason_of(error)}; {_NOT_THERE}")) from error


def json_mistake(error: Exception) -> tuple[str, str]:
    """The words for a line that is no JSON, or not of the JSON that it should be, and the column."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply", ""
    if not isinstance(error, msgspec.ValidationError):
        words = str(error).removeprefix("JSON is malformed: ")
        return f"this is not valid JSON: {_CUT if 'truncated' in words else words}", ""
    what, _, column = str(error).partition(" - at `$")
    if field := _FIELD.match(what):
        return ("the column is missing" if field[1] == "missing required" else "no such column"), field[2]
    found = _TYPE.sub(_type_words, what).replace(", got ", ", found ")
    return f"{found[:1].lower()}{found[1:]}", "" if "[" in column else column.strip(".`")


def _type_words(found: re.Match[str]) -> str:
    return " or ".join(_TYPES.get(name, name) for name in found[1].split(" | "))


def _flags() -> int:
    return os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _state(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns
