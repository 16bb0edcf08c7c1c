"""The sha256 by which weights are known, of one file or of several."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from tui.catalogue.shards import shards_of
from tui.weights.files.digest_cache import read_sha256, remembered_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


class WeightsFile(NamedTuple):
    file: str
    """Name without folder."""
    size: int
    sha256: str


def weights_file(path: Path, sha256: str) -> WeightsFile:
    return WeightsFile(path.name, path.stat().st_size, sha256)


def identity_of(digests: Sequence[str]) -> str:
    """The identity of one file, its sha256, or of several, the sha256 of their digests joined in order."""
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()


def remembered_files(path: Path) -> tuple[WeightsFile, ...] | None:
    """The digests of the files; None where one of them would have to be read."""
    digests = [(shard, remembered_sha256(shard)) for shard in shards_of(path)]
    known = tuple(weights_file(shard, digest) for shard, digest in digests if digest)
    return known if len(known) == len(digests) else None


def weights_identity(files: Iterable[WeightsFile]) -> str:
    return identity_of([each.sha256 for each in files])


def remembered_identity(path: Path) -> str | None:
    files = remembered_files(path)
    return weights_identity(files) if files else None


def read_identity(path: Path) -> Iterator[int]:
    """Reads all of them, whatever is known; gives the number of bytes read so far. Raises WeightsError."""
    before = 0
    for shard in shards_of(path):
        done = 0
        for done in read_sha256(shard):
            yield before + done
        before += done
