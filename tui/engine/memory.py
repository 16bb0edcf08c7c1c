"""How much memory weights need, and how much of it there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.engine.messages import LoadSpec

_OVERHEAD = 1.2
"""On top of the file: the context's cache and the buffers of computation. A rule of thumb."""


def needed(spec: LoadSpec) -> int:
    return int(_size(spec.path) * _OVERHEAD) + (_size(spec.adapter_path) if spec.adapter_path else 0)


def available(worker_pids: Iterable[int]) -> int:
    """Bytes that a further worker could take without pushing out those of the workers given.

    Linux counts mapped weights as available, since they could be read again from the disk: the pages that
    workers have mapped are taken off.
    """
    free: int = psutil.virtual_memory().available
    return free - sum(map(_mapped, worker_pids))


def _mapped(pid: int) -> int:
    try:
        return int(getattr(psutil.Process(pid).memory_info(), "shared", 0))
    except psutil.Error:
        return 0


def _size(path: str) -> int:
    """Zero for a file that is not there: the worker says so better."""
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
