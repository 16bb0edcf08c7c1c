"""Layout of the models folder: a place for each file, and which files are ours to delete."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tui import paths
from tui.weights.errors import SourceFailedError

if TYPE_CHECKING:
    from tui.catalogue.model import Source

PART, LOCK = ".part", ".lock"
ORIGIN, UNFINISHED_ORIGIN = ".origin.json", ".origin.json.tmp"
MANIFEST = ".checkpoint.json"
"""The list of files that a converted file is made from."""
WHOLE = ".16bit.gguf"
"""A checkpoint as GGUF, before it is quantised."""

_IN_NO_NAME = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
"""Not everywhere: a colon begins a drive or another stream of a file, a backslash is a folder elsewhere."""


def target_of(source: Source) -> Path:
    """The path for a source on the Hub. The repository is part of it: many of them call their file the same.

    Raises SourceFailedError for a name that leads out of the models folder.
    """
    revision = "" if source.revision == "main" else f"@{source.revision.replace('/', '--')}"
    name = f"{source.repo}{revision}/{source.file}"
    relative = Path(f"{source.repo}{revision}", source.file)
    leads_out = relative.is_absolute() or relative.drive or ".." in relative.parts
    if leads_out or _IN_NO_NAME.search(name):
        raise SourceFailedError("this does not name a file of a repository")
    return paths.models_dir() / relative


def beside(target: Path, suffix: str) -> Path:
    return target.with_name(target.name + suffix)


def placed_by_hand(source: Source) -> Path:
    return paths.models_dir() / source.file


def is_ours(path: Path) -> bool:
    """True if it lies in the models folder itself, not merely behind a link in it."""
    return path.parent.resolve().is_relative_to(paths.models_dir().resolve())


def remove_empty_folders(folder: Path) -> None:
    """Remove empty folders from `folder` up to the models folder, which stays."""
    top = paths.models_dir().resolve()
    folder = folder.resolve()
    while folder != top and folder.is_relative_to(top):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def part_size(source: Source) -> int:
    """Bytes that are here of a file being fetched; none where that cannot be looked up."""
    try:
        part = beside(target_of(source), PART)
        return part.stat().st_size if part.is_file() else 0
    except (OSError, SourceFailedError):
        return 0
