"""The list of a checkpoint's files, noted when fetching it began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tui.catalogue.model import Source
from tui.files import LARGEST_STATE, read_small
from tui.weights.errors import SourceFailedError
from tui.weights.files.layout import MANIFEST, beside, part_size, target_of

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Checkpoint


class RepositoryFile(Struct, frozen=True):
    name: str
    size: int
    sha256: str | None
    """Known of files that the Hub keeps as large ones."""


class RemoteRepository(Struct, frozen=True):
    """All files at one commit."""

    commit: str
    files: tuple[RepositoryFile, ...]


def known_files(checkpoint: Checkpoint) -> list[Source]:
    """The files of a checkpoint whose fetching has begun, else none."""
    try:
        manifest = msgspec.json.decode(_read(checkpoint), type=RemoteRepository)
        files = [_source(checkpoint, manifest.commit, file) for file in manifest.files]
        for file in files:
            target_of(file)
    except (OSError, ValueError, RecursionError, SourceFailedError):
        return []
    return files


def _source(checkpoint: Checkpoint, commit: str, file: RepositoryFile) -> Source:
    size = file.size or None
    return Source(repo=checkpoint.repo, revision=commit, file=file.name, size=size, sha256=file.sha256)


def _read(checkpoint: Checkpoint) -> bytes:
    return read_small(manifest_file(checkpoint), LARGEST_STATE, follow=False)


def fetched_bytes(checkpoint: Checkpoint) -> int:
    """Bytes fetched of a checkpoint that was begun."""
    return sum(map(bytes_here, known_files(checkpoint)))


def manifest_file(checkpoint: Checkpoint) -> Path:
    return beside(target_of(checkpoint.converted), MANIFEST)


def bytes_here(source: Source) -> int:
    """Bytes of a file, or of the part that was fetched."""
    target = target_of(source)
    return target.stat().st_size if target.is_file() else part_size(source)
