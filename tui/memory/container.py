"""The limit that a container sets on the machine's memory (Linux control groups, versions 2 and 1)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_ROOT = Path("/sys/fs/cgroup")


class _Files(NamedTuple):
    limit: str
    used: str
    statistics: str
    given_back: str
    """The statistic of what is used for files only, and would be given back for anything else."""


_VERSIONS = (
    _Files("memory.max", "memory.current", "memory.stat", "inactive_file"),
    _Files(
        "memory/memory.limit_in_bytes",
        "memory/memory.usage_in_bytes",
        "memory/memory.stat",
        "total_inactive_file",
    ),
)


class Allowance(NamedTuple):
    """Bytes. A limit that nobody set is larger than any memory, or there is no allowance at all."""

    total: int
    free: int


def allowance(root: Path = _ROOT) -> Allowance | None:
    """Bytes that the container leaves; None where there is no container, or it has no limit."""
    for files in _VERSIONS:
        try:
            total, used = (int((root / name).read_text()) for name in (files.limit, files.used))
            statistics = dict(line.split() for line in (root / files.statistics).read_text().splitlines())
        except (OSError, ValueError):  # another version, or "max"
            continue
        return Allowance(total, max(0, total - used + int(statistics.get(files.given_back, 0))))
    return None
