"""Whether weights fit into this machine's memory: a rule of thumb from the size of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import psutil

if TYPE_CHECKING:
    from tui.catalogue.model import Model

Fit = Literal["fits", "tight", "too large"]

GIGABYTE = 1_000_000_000


def published_size(model: Model) -> int | None:
    """Bytes of the model's file as its first source with a known size gives it."""
    sizes = (each.size or (each.size_gb and int(each.size_gb * GIGABYTE)) for each in model.sources)
    return next((size for size in sizes if size), None)


def memory_needed(file_size: int) -> int:
    """Bytes for weights, KV cache and compute buffers, from the file's size in bytes.

    At a context of 2048 a 7B model whose heads share no keys adds about 1.1 GB to 4 GB of weights, the most
    of the catalogue; others add less.
    """
    return int(file_size * 1.25 + 0.2 * GIGABYTE)


def fit(file_size: int) -> Fit:
    """fits: into what is free; tight: only when other programs give memory back; too large: never here."""
    memory = psutil.virtual_memory()
    needed = memory_needed(file_size)
    if needed <= memory.available:
        return "fits"
    return "tight" if needed <= memory.total else "too large"
