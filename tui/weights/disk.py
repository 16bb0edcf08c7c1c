"""Room for files."""

from __future__ import annotations

import shutil

from tui import paths


def free_for_models() -> int | None:
    """Bytes free on the disk of the models folder, which need not be there yet; None where nobody says."""
    folder = paths.models_dir()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
