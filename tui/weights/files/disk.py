"""Disk space: free, needed for new files, and taken by a folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import WeightsError
from tui.units import amount
from tui.weights.errors import disk_failures

if TYPE_CHECKING:
    from pathlib import Path

SPARE = 100_000_000
"""Bytes of the disk that fetching and converting leave free."""


def free_for_models() -> int | None:
    """Bytes free on the disk of the models folder, which need not be there yet; None where nobody says."""
    folder = paths.models_dir()
    try:
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def require_room(folder: Path, needed: int, needs: str) -> int:
    """Bytes free on the disk of `folder`, which exists. Raises WeightsError, which begins with `needs`, as
    `PATH: 4.27 GB are needed`, where there are fewer than `needed` and something to spare."""
    with disk_failures(folder):
        free = shutil.disk_usage(folder).free
    if needed + SPARE > free:
        raise WeightsError(
            f"{needs}, {amount(free)} are free: make room, or name another folder with LLM_GRADER_MODELS_DIR"
        )
    return free


def is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < SPARE


def folder_bytes(folder: Path) -> int:
    """Bytes of the files in a folder, without those in its folders."""
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
