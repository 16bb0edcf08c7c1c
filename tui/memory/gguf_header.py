"""The metadata of a GGUF file: its numbers, and where its tensors lie. Never the weights themselves.

The package `gguf` reads this too, but makes an array for every string: 1.6 s for a vocabulary of 49,152
tokens, against 30 ms here, where strings are walked over. And it trusts the file, which may come from
anywhere: here every count is held against the size of the file before anything is read or allocated.
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO

from tui.errors import WeightsError
from tui.files import unfitness
from tui.text import safe_line

if TYPE_CHECKING:
    from pathlib import Path

Number = int | float
Value = Number | str | tuple[Number, ...]

_MAGIC = b"GGUF"
_STRING, _ARRAY = 8, 9
_FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_SIZES = {kind: struct.calcsize(f"<{letter}") for kind, letter in _FORMATS.items()}
_LENGTH = struct.Struct("<Q")

_MOST_KEYS = _MOST_TENSORS = 1 << 16
_MOST_STRINGS = 1 << 22
"""The most strings in one array; the largest vocabularies have 2^18 tokens."""
_LONGEST_KEPT = 1 << 10
"""Longer texts (a chat template) and longer arrays (token scores) are skipped."""
_LONGEST_NAME = 1 << 16
_MOST_DIMENSIONS = 4
_ALIGNMENT = 32


@dataclass(frozen=True)
class Tensor:
    name: str
    dimensions: tuple[int, ...]
    """Columns first, as ggml has them."""
    kind: int
    """ggml's number of the type, for example 2 for Q4_0."""
    bytes: int
    """With the padding to the next tensor."""


@dataclass(frozen=True)
class Header:
    values: dict[str, Value] = field(default_factory=dict)
    """Numbers, short texts, and short arrays of numbers."""
    lengths: dict[str, int] = field(default_factory=dict)
    """The length of every array."""
    tensors: tuple[Tensor, ...] = ()


def read_header(path: Path) -> Header:
    """Raises WeightsError with one line for a file that cannot be read or is not what it should be."""
    try:
        if problem := unfitness(path):
            raise _BadHeaderError(f"it cannot be read: {problem}")
        with path.open("rb") as file:
            return _Reader(file, path.stat().st_size).header()
    except _BadHeaderError as error:
        raise WeightsError(f"{safe_line(path.name)}: {error}") from None
    except OSError as error:
        raise WeightsError(f"{safe_line(path.name)}: it cannot be read: {error.strerror or error}") from None


class _BadHeaderError(Exception):
    pass


class _Reader:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._left = size
        self._size = size

    def header(self) -> Header:
        if self._take(4) != _MAGIC:
            raise _BadHeaderError("not a GGUF file")
        version = self._number("I")
        if version not in (2, 3):
            raise _BadHeaderError(f"a GGUF file of version {version}, which cannot be read")
        tensor_count = self._count("Q", _MOST_TENSORS, "tensors")
        header = Header()
        for _ in range(self._count("Q", _MOST_KEYS, "keys")):
            self._read_value(header)
        return Header(header.values, header.lengths, self._tensors(tensor_count, header.values))

    def _read_value(self, header: Header) -> None:
        key, kind = self._name(), self._number("I")
        if kind == _STRING:
            if (text := self._text(_LONGEST_KEPT)) is not None:
                header.values[key] = text
        elif kind != _ARRAY:
            header.values[key] = self._number(_format(kind))
        else:
            kind, count = self._number("I"), self._number("Q")
            header.lengths[key] = count
            if kind == _STRING:
                self._skip_strings(count)
            elif count <= _LONGEST_KEPT:
                header.values[key] = self._numbers(kind, count)
            else:
                self._skip(count * _SIZES[_known(kind)])

    def _tensors(self, count: int, values: dict[str, Value]) -> tuple[Tensor, ...]:
        """Types are many and grow in number: the start of the next tensor gives the size of one."""
        found = [self._tensor() for _ in range(count)]
        alignment = values.get("general.alignment", _ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
            raise _BadHeaderError("its alignment makes no sense")
        start = -(-(self._size - self._left) // alignment) * alignment
        starts = sorted({offset for *_, offset in found})
        end = max(self._size - start, 0)
        if starts and starts[-1] > end:
            raise _BadHeaderError("the file is cut short or corrupt; download it again")
        ends = dict(pairwise([*starts, end]))
        return tuple(
            Tensor(name, dimensions, kind, ends[offset] - offset) for name, dimensions, kind, offset in found
        )

    def _tensor(self) -> tuple[str, tuple[int, ...], int, int]:
        name = self._name()
        dimensions = self._count("I", _MOST_DIMENSIONS, "dimensions")
        return name, self._unpack(f"{dimensions}Q"), self._number("I"), self._number("Q")

    def _name(self) -> str:
        text = self._text(_LONGEST_NAME)
        if text is None:
            raise _BadHeaderError("a name in it is too long to be one")
        return text

    def _text(self, longest: int) -> str | None:
        """The text; None for a longer one, which is skipped."""
        length = self._number("Q")
        if length > longest:
            self._skip(length)
            return None
        return self._take(length).decode("utf-8", "replace")

    def _skip_strings(self, count: int) -> None:
        if count > _MOST_STRINGS:
            raise _BadHeaderError(f"it claims {count:,} texts in one list")
        for _ in range(count):
            length = _LENGTH.unpack(self._take(8))[0]
            if length > _LONGEST_KEPT:
                self._skip(length)
            else:
                self._take(length)

    def _numbers(self, kind: int, count: int) -> tuple[Number, ...]:
        return self._unpack(f"{count}{_format(kind)}")

    def _count(self, letter: str, most: int, what: str) -> int:
        count: int = self._number(letter)
        if count > most:
            raise _BadHeaderError(f"it claims {count:,} {what}")
        return count

    def _number(self, letter: str) -> Any:
        return self._unpack(letter)[0]

    def _unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self._take(struct.calcsize(f"<{layout}")))

    def _take(self, count: int) -> bytes:
        self._left -= count
        taken = self._file.read(count) if self._left >= 0 else b""
        if len(taken) < count:
            raise _BadHeaderError("the file is cut short; download it again")
        return taken

    def _skip(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise _BadHeaderError("the file is cut short; download it again")
        self._file.seek(count, 1)


def _known(kind: int) -> int:
    if kind not in _FORMATS:
        raise _BadHeaderError(f"it holds a value of the unknown type {kind}")
    return kind


def _format(kind: int) -> str:
    return _FORMATS[_known(kind)]
