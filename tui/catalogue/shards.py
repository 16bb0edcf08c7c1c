"""Weights split into several GGUF files, `NAME-00001-of-00003.gguf` and so on, as llama.cpp names them.

They are known by the first of them, which is the one that llama.cpp loads.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pathlib import Path


P = TypeVar("P", bound=PurePath)
_NAME = re.compile(r"(.+)-(\d{5})-of-(\d{5})\.gguf", re.DOTALL)
_MOST = 1000


def shards_of(path: P) -> tuple[P, ...]:
    """All that belong to the file, in order, whether they are there or not; itself where it stands alone."""
    found = _NAME.fullmatch(path.name)
    if not found or not 1 <= int(found[2]) <= int(found[3]) <= _MOST:
        return (path,)
    stem, count = found[1], int(found[3])
    return tuple(path.with_name(f"{stem}-{number:05}-of-{count:05}.gguf") for number in range(1, count + 1))


def first_shard(path: Path) -> Path:
    return shards_of(path)[0]


def size_of_shards(path: Path) -> int:
    """Bytes of all that are there. Raises OSError where the file itself is not."""
    others = (shard for shard in shards_of(path) if shard != path and shard.is_file())
    return path.stat().st_size + sum(shard.stat().st_size for shard in others)
