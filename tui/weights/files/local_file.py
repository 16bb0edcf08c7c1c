"""A file of weights on this machine, held against the published one as far as that needs no reading of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.catalogue.shards import shards_of, size_of_shards
from tui.weights.files.digest_cache import remembered_sha256
from tui.weights.files.digests import identity_of, read_identity, remembered_identity
from tui.weights.files.hub_cache import cached_sha256
from tui.weights.files.provenance import read_provenance
from tui.weights.files.splitting import split_defect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.catalogue.model import Source


@dataclass(frozen=True)
class LocalFile:
    """An existing file; of split weights it is the first, which stands for all of them."""

    path: Path
    source: Source
    """The catalogue's entry for it."""

    @property
    def shards(self) -> tuple[Path, ...]:
        return shards_of(self.path)

    @property
    def size(self) -> int:
        """Bytes, of all shards that are here."""
        return size_of_shards(self.path)

    @property
    def sha256(self) -> str | None:
        """The sha256, for split weights their identity; None where it was not read, or has changed since."""
        return remembered_identity(self.path)

    @property
    def expected_sha256(self) -> str | None:
        """The Hub's for this file, else the catalogue's; None where neither has published one."""
        published = [_published_sha256(shard) for shard in self.shards]
        known = [each for each in published if each]
        return identity_of(known) if len(known) == len(published) else self.source.sha256

    @property
    def is_verified(self) -> bool:
        expected = self.expected_sha256
        return expected is not None and self.sha256 == expected

    @property
    def defect(self) -> str:
        """The known defect of it, or of the others that belong to it; empty for a good one, and
        for one never read."""
        source = self.source
        if len(self.shards) == 1:
            return defect_of(self.path, source.size, source.sha256) or split_defect(self.path)
        if problem := split_defect(self.path):
            return problem
        for shard in self.shards:
            if problem := defect_of(shard):
                return f"{shard.name}: {problem}"
        return _difference(self.size, source.size, self.sha256, source.sha256)

    def read_again(self) -> Iterator[int]:
        """Reads all of it, whatever is known; gives the number of bytes read so far. Raises WeightsError."""
        return read_identity(self.path)


def defect_of(path: Path, size: int | None = None, sha256: str | None = None) -> str:
    """The defect of this file alone. It should have `size` and `sha256` where nothing was noted beside it."""
    origin = read_provenance(path)
    expected = _published_sha256(path) or sha256
    size = origin.size if origin else size
    return _difference(path.stat().st_size, size, remembered_sha256(path), expected)


def _difference(actual: int, size: int | None, found: str | None, expected: str | None) -> str:
    if size is not None and actual != size:
        return f"it has {actual:,} bytes instead of {size:,}"
    if expected and found and found != expected:
        return f"its sha256 is {found}, it should be {expected}"
    return ""


def _published_sha256(path: Path) -> str | None:
    origin = read_provenance(path)
    return origin.sha256 if origin and origin.sha256 else cached_sha256(path)
