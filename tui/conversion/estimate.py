"""The disk, memory and time that a conversion takes, said before it begins."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tui.conversion.quantisations import DIRECT, QUANTISATIONS
from tui.memory.assumed import assumed_shape
from tui.memory.needs import Setting
from tui.memory.plan import make_plan
from tui.units import amount, gigabytes, minutes

TRIED_CONTEXT = 64
"""Tokens, for finding out whether the file runs."""
_CONVERTED_BYTES_PER_SECOND = 100e6
_QUANTISED_BYTES_PER_SECOND = 20e6
"""For each core. A checkpoint of 2 GB took 9 s and, on two cores, 39 s: something less is promised."""


@dataclass(frozen=True)
class Estimate:
    """`download` and `disk` in bytes still needed, the latter at the most at one time, `size` what stays.

    `memory` is what trying the file takes: converter and quantiser, a matrix at a time, take less.
    """

    download: int
    disk: int
    size: int
    memory: int
    seconds: float
    """Without the download."""

    @property
    def words(self) -> str:
        memory, time = f"about {gigabytes(self.memory, 0)} GB of memory", minutes(self.seconds)
        if self.download:
            memory, time = f"{amount(self.download)} to download, {memory}", f"{time} after that"
        return f"{amount(self.disk)} of disk, {memory} and {time}; the file will have {amount(self.size)}"


def estimate(checkpoint_bytes: int, quantisation: str, *, here: int) -> Estimate:
    """Estimate the conversion of a checkpoint in 16 bits, `here` bytes of which are on this machine."""
    size = int(checkpoint_bytes * QUANTISATIONS[quantisation])
    memory = make_plan(assumed_shape(size, quantisation), Setting(TRIED_CONTEXT), free=0).needed
    download = checkpoint_bytes - here
    seconds = checkpoint_bytes / _CONVERTED_BYTES_PER_SECOND
    if quantisation in DIRECT:
        return Estimate(download, download + size, size, memory, seconds)
    seconds += checkpoint_bytes / _QUANTISED_BYTES_PER_SECOND / (os.cpu_count() or 1)
    # What was fetched goes when it is a GGUF file, before that is quantised.
    disk = checkpoint_bytes + max(download, size)
    return Estimate(download, disk, size, memory, seconds)
