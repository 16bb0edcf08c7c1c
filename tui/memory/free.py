"""The memory that is free, on the machine and on its devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import psutil
from msgspec import Struct

from tui.memory.container import allowance

if TYPE_CHECKING:
    from collections.abc import Iterable


RESERVE = 1 << 30
"""Bytes of a device left to its driver and to what else uses it, as llama.cpp's own fitting does."""


class Device(Struct, frozen=True, kw_only=True):
    """A processor that llama.cpp can compute on, named as llama.cpp does: `CPU`, `CUDA0`, `MTL0`."""

    name: str
    description: str
    kind: Literal["cpu", "gpu", "integrated", "accelerator", "other"]
    free: int
    """Bytes; 0, as total, where the device does not say."""
    total: int

    @property
    def takes_layers(self) -> bool:
        return self.kind in ("gpu", "integrated")

    @property
    def has_room(self) -> bool:
        """True if anything can be put there at all, as far as the device says."""
        return not self.total or self.free > RESERVE

    @property
    def shares_memory(self) -> bool:
        """Its memory is the machine's: what it takes is gone there as well. True of every Mac's GPU."""
        return self.kind == "integrated" or self.name.startswith(("MTL", "Metal"))


def free_memory(worker_pids: Iterable[int] = ()) -> int:
    """Bytes that a further worker could take without pushing out those of the workers given.

    Linux counts mapped weights as available, since they could be read again from the disk: the pages that
    workers have mapped are taken off.
    """
    free: int = psutil.virtual_memory().available
    if allowed := allowance():
        free = min(free, allowed.free)
    return free - sum(map(_mapped, worker_pids))


def total_memory() -> int:
    total: int = psutil.virtual_memory().total
    allowed = allowance()
    return min(total, allowed.total) if allowed else total


def _mapped(pid: int) -> int:
    try:
        return int(getattr(psutil.Process(pid).memory_info(), "shared", 0))
    except psutil.Error:
        return 0
