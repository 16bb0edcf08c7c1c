"""The cache of other Hugging Face programs: read, and never written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.catalogue.model import Source

_SHA256 = re.compile(r"[0-9a-f]{64}")

# huggingface_hub is imported where it is asked: it takes longer than what most commands do.


def cached_file(source: Source) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(source.repo, source.file, revision=source.revision)
    return Path(cached) if isinstance(cached, str) else None


def cached_repository(repo: str, revision: str) -> Path | None:
    """The folder with what is here of it, which may be a part."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(repo, revision=revision, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        return None


def cached_sha256(path: Path) -> str | None:
    """The cache keeps a large file under its sha256, and links to it."""
    blob = path.resolve()
    return blob.name if blob.parent.name == "blobs" and _SHA256.fullmatch(blob.name) else None
