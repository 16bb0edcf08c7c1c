"""Whether a file is the one it should be, as far as that is known without reading it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.weights.fingerprint import remembered_sha256
from tui.weights.origin import read_origin

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Source

_SHA256 = re.compile(r"[0-9a-f]{64}")


def expected_sha256(path: Path, source: Source) -> str | None:
    """The Hub's for this file, else the catalogue's; None where neither has published one."""
    origin = read_origin(path)
    if origin and origin.sha256:
        return origin.sha256
    return _name_in_hub_cache(path) or source.sha256


def defect(path: Path, source: Source) -> str:
    """What is known to be wrong with a file that exists; empty for a good one, and for one never hashed."""
    origin = read_origin(path)
    size = origin.size if origin else source.size
    actual = path.stat().st_size
    if size is not None and actual != size:
        return f"it has {actual:,} bytes instead of {size:,}"
    expected, found = expected_sha256(path, source), remembered_sha256(path)
    if expected and found and found != expected:
        return f"its sha256 is {found}, it should be {expected}"
    return ""


def is_verified(path: Path, source: Source) -> bool:
    expected = expected_sha256(path, source)
    return expected is not None and remembered_sha256(path) == expected


def _name_in_hub_cache(path: Path) -> str | None:
    """The cache keeps a large file under its sha256, and links to it."""
    blob = path.resolve()
    return blob.name if blob.parent.name == "blobs" and _SHA256.fullmatch(blob.name) else None
