"""What a conversion takes, said before it begins."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.errors import WeightsError
from tui.weights.amounts import amount
from tui.weights.failures import disk_failures
from tui.weights.fetch_file import SPARE

if TYPE_CHECKING:
    from pathlib import Path

QUANTISATIONS = {
    "Q2_K": 0.17, "Q3_K_M": 0.24, "Q4_K_S": 0.29, "Q4_K_M": 0.317, "Q5_K_S": 0.35, "Q5_K_M": 0.36,
    "Q6_K": 0.41, "Q8_0": 0.53, "BF16": 1.0, "F16": 1.0, "F32": 2.0,
}  # fmt: skip
"""What can be made, with its size as a share of the checkpoint in 16 bits: bits per weight as llama.cpp's
quantiser prints them, divided by 16."""

DIRECT = ("Q8_0", "BF16", "F16", "F32")
"""What the converter writes itself, without the quantiser."""

_CONVERTED_BYTES_PER_SECOND = 100e6
_QUANTISED_BYTES_PER_SECOND = 20e6
"""For each core."""
_MEMORY = 4_000_000_000
"""A tensor at a time goes through it; the largest of the catalogue is an embedding of 1 GB in 32 bits."""


@dataclass(frozen=True)
class Estimate:
    """`download` and `disk` in bytes still needed, the latter at the most at one time, `size` what stays."""

    download: int
    disk: int
    size: int
    memory: int
    seconds: float
    """Without the download."""

    @property
    def words(self) -> str:
        minutes = max(1, round(self.seconds / 60))
        memory, time = f"about {amount(self.memory)} of memory", f"{minutes} min"
        if self.download:
            memory, time = f"{amount(self.download)} to download, {memory}", f"{time} after that"
        return f"{amount(self.disk)} of disk, {memory} and {time}; the file will have {amount(self.size)}"


def require_room(folder: Path, needed: int) -> None:
    """Raises WeightsError where `folder` has fewer bytes free."""
    with disk_failures(folder):
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    if needed + SPARE > free:
        raise WeightsError(
            f"{folder}: converting needs {amount(needed)} of disk, {amount(free)} are free: "
            "make room, or name another folder with LLM_GRADER_MODELS_DIR"
        )


def estimate(checkpoint_bytes: int, quantisation: str, *, here: int) -> Estimate:
    """Of a checkpoint in 16 bits, `here` bytes of which are on this machine."""
    size = int(checkpoint_bytes * QUANTISATIONS[quantisation])
    download = checkpoint_bytes - here
    seconds = checkpoint_bytes / _CONVERTED_BYTES_PER_SECOND
    if quantisation in DIRECT:
        return Estimate(download, download + size, size, _MEMORY, seconds)
    seconds += checkpoint_bytes / _QUANTISED_BYTES_PER_SECOND / (os.cpu_count() or 1)
    # The checkpoint goes when it is a GGUF file, before that is quantised.
    return Estimate(download, download + checkpoint_bytes, size, _MEMORY, seconds)
