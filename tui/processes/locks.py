"""Locks by which processes know that another one lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock

if TYPE_CHECKING:
    from pathlib import Path


def system_lock(file: Path) -> FileLock:
    """A lock of the operating system, or none: any other would outlive a process that dies."""
    return FileLock(file, mode=0o600, thread_local=False, fallback_to_soft=False)
