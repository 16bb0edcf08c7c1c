"""Disk space: free, and taken by a folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tui import paths

if TYPE_CHECKING:
    from pathlib import Path


def free_for_models() -> int | None:
    """Bytes free on the disk of the models folder, which need not be there yet; None where nobody says."""
    folder = paths.models_dir()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def folder_bytes(folder: Path) -> int:
    """Of the files in it, not of those in folders in it."""
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
