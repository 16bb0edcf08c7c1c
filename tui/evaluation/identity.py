"""Which weights a subject is, exactly: the sha256 of its files."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tui.weights.fingerprint import remembered_sha256, sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from tui.evaluation.plan import Subject


@dataclass(frozen=True)
class Fingerprint:
    weights_sha256: str
    adapter_sha256: str = ""


async def fingerprint(subject: Subject) -> Fingerprint:
    """Raises WeightsError. Files are read one after another, in the order they are asked for."""
    adapter = subject.weights.adapter_path
    async with _one_at_a_time():
        return Fingerprint(
            await _sha256(subject.weights.path),
            await _sha256(adapter) if adapter else "",
        )


async def _sha256(path: Path) -> str:
    unwanted = threading.Event()
    try:
        return await asyncio.to_thread(sha256_of, path, unwanted.is_set)
    finally:
        # A thread outlives the task that is cancelled, and the program cannot end before its threads do.
        unwanted.set()


def remembered_fingerprint(subject: Subject) -> Fingerprint | None:
    """The fingerprint if it is known without reading the files."""
    adapter = subject.weights.adapter_path
    weights_sha256 = remembered_sha256(subject.weights.path)
    adapter_sha256 = remembered_sha256(adapter) if adapter else ""
    known = weights_sha256 is not None and adapter_sha256 is not None
    return Fingerprint(weights_sha256 or "", adapter_sha256 or "") if known else None


_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _one_at_a_time() -> asyncio.Lock:
    """Models that share weights must not read the same file side by side."""
    return _reading.setdefault(asyncio.get_running_loop(), asyncio.Lock())
