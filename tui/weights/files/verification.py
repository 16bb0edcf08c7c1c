"""Comparison of a file with the published one, as far as that needs no reading of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.catalogue.shards import shards_of, size_of_shards
from tui.weights.files.digest_cache import remembered_sha256
from tui.weights.files.digests import identity_of, remembered_identity
from tui.weights.files.provenance import read_provenance
from tui.weights.files.splitting import split_defect

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Source

_SHA256 = re.compile(r"[0-9a-f]{64}")


def expected_sha256(path: Path, source: Source) -> str | None:
    """The Hub's for this file, else the catalogue's; None where neither has published one. Of split weights
    their identity."""
    published = [_published_sha256(shard) for shard in shards_of(path)]
    known = [each for each in published if each]
    return identity_of(known) if len(known) == len(published) else source.sha256


def defect(path: Path, source: Source) -> str:
    """What is known to be wrong with a file that exists, or with the others that belong to it; empty for a
    good one, and for one never hashed."""
    shards = shards_of(path)
    if len(shards) == 1:
        return file_defect(path, source.size, source.sha256) or split_defect(path)
    if problem := split_defect(path):
        return problem
    for shard in shards:
        if problem := file_defect(shard):
            return f"{shard.name}: {problem}"
    return _difference(size_of_shards(path), source.size, remembered_identity(path), source.sha256)


def file_defect(path: Path, size: int | None = None, sha256: str | None = None) -> str:
    """Of this file alone."""
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


def is_verified(path: Path, source: Source) -> bool:
    expected = expected_sha256(path, source)
    return expected is not None and remembered_identity(path) == expected


def _published_sha256(path: Path) -> str | None:
    origin = read_provenance(path)
    return origin.sha256 if origin and origin.sha256 else _name_in_hub_cache(path)


def _name_in_hub_cache(path: Path) -> str | None:
    """The cache keeps a large file under its sha256, and links to it."""
    blob = path.resolve()
    return blob.name if blob.parent.name == "blobs" and _SHA256.fullmatch(blob.name) else None
