"""The exact identity of a runnable model's weights: the sha256 of its files."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tui.catalogue.shards import shards_of
from tui.store.records import verified_origin
from tui.weights.files.digest_cache import remembered_sha256, sha256_of
from tui.weights.files.digests import WeightsFile, remembered_files, weights_file, weights_identity

if TYPE_CHECKING:
    from pathlib import Path

    from tui.generation.plan import RunnableModel


@dataclass(frozen=True)
class Fingerprint:
    weights_sha256: str
    """For split weights, that of the digests of their files joined in order."""
    adapter_sha256: str = ""
    files: tuple[WeightsFile, ...] = ()
    """The weights' files, in order."""

    @property
    def origin(self) -> str:
        return verified_origin(self.weights_sha256, self.adapter_sha256)


async def fingerprint(runnable: RunnableModel) -> Fingerprint:
    """Raises WeightsError. Files are read one after another, in the order they are asked for."""
    adapter = runnable.weights.adapter_path
    async with _one_at_a_time():
        shards = shards_of(runnable.weights.path)
        files = tuple([weights_file(shard, await _sha256(shard)) for shard in shards])
        adapter_sha256 = await _sha256(adapter) if adapter else ""
    return Fingerprint(weights_identity(files), adapter_sha256, files)


async def _sha256(path: Path) -> str:
    unwanted = threading.Event()
    try:
        return await asyncio.to_thread(sha256_of, path, unwanted.is_set)
    finally:
        # A thread outlives the task that is cancelled, and the program cannot end before its threads do.
        unwanted.set()


def remembered_fingerprint(runnable: RunnableModel) -> Fingerprint | None:
    """The fingerprint if it is known without reading the files."""
    adapter = runnable.weights.adapter_path
    files = remembered_files(runnable.weights.path)
    adapter_sha256 = remembered_sha256(adapter) if adapter else ""
    if files is None or adapter_sha256 is None:
        return None
    return Fingerprint(weights_identity(files), adapter_sha256, files)


_reading: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def _one_at_a_time() -> asyncio.Lock:
    """Models that share weights must not read the same file side by side."""
    return _reading.setdefault(asyncio.get_running_loop(), asyncio.Lock())
