"""Split weights held together: all parts are here and belong to each other, by their names and headers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.shards import shards_of
from tui.errors import WeightsError
from tui.memory.gguf_header import read_header

if TYPE_CHECKING:
    from pathlib import Path

_ODD = "the parts do not belong together"


class _Part(NamedTuple):
    number: int
    parts: int
    tensors: int
    """The number of tensors in this file."""
    total: int
    """The number of tensors in all files."""


def split_defect(path: Path) -> str:
    """The defect in words that go on after the path; empty for a good one, and where the header says nothing.

    Raises OSError for a file that is not there.
    """
    shards, tensors, total = shards_of(path), 0, 0
    for number, shard in enumerate(shards, 1):
        if not shard.is_file():
            return f"part {number} of {len(shards)} is missing: {shard.name}"
        part = _part(shard)
        if part is None:
            return ""
        if (part.number, part.parts) != (number, len(shards)):
            return _misplaced(shard.name, part, is_named=len(shards) > 1)
        tensors, total = tensors + part.tensors, part.total
    if len(shards) > 1 and tensors != total:
        return f"its {len(shards)} parts hold {tensors} tensors instead of {total}: {_ODD}"
    return ""


def _misplaced(name: str, part: _Part, *, is_named: bool) -> str:
    number, count = part.number, part.parts
    words = f"part {number} of {count} of split weights" if count > 1 else "not a part of split weights"
    if is_named:
        return f"{name} is {words}, and its name says otherwise: {_ODD}"
    return f"it is {words}: its name has to end with -{number:05}-of-{count:05}.gguf, as those of the others"


def _part(path: Path) -> _Part | None:
    stat = path.stat()
    return _part_in_header(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _part_in_header(path: Path, size: int, mtime_ns: int) -> _Part | None:
    """The part by the file's own header; None where it cannot be read: loading will say what is wrong."""
    try:
        header = read_header(path)
    except WeightsError:
        return None
    keys = ("split.no", 0), ("split.count", 1), ("split.tensors.count", len(header.tensors))
    number, count, total = (header.values.get(key, default) for key, default in keys)
    if not (isinstance(number, int) and isinstance(count, int) and isinstance(total, int)):
        return None
    return _Part(number + 1, max(count, 1), len(header.tensors), total)
