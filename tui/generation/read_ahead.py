"""Bringing the next weights into the system's page cache while the last answers of others are written."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tui.catalogue.shards import shards_of, size_of_shards
from tui.memory.free import free_memory

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_PIECE = 1 << 22


class ReadAhead:
    """Reads a file, and those that its weights go on in, in a thread of its own, to its end or until stopped.

    Does nothing where the file would push `beside`, the weights in use, out of memory.
    """

    def __init__(self, file: Path, *, beside: Collection[Path]) -> None:
        self._file = file
        self._beside = frozenset(beside)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="read ahead", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns when the file is closed."""
        self._stopped.set()
        self._thread.join()

    def _read(self) -> None:
        try:
            if self._file in self._beside or not self._fits():
                return
            for shard in shards_of(self._file):
                with shard.open("rb", buffering=0) as file:
                    while not self._stopped.is_set() and file.read(_PIECE):
                        pass
        except OSError:
            return  # the worker says better what is wrong with the file

    def _fits(self) -> bool:
        # What is mapped counts as available on Linux, though it is in use.
        in_use = sum(map(size_of_shards, self._beside))
        free = free_memory() - in_use
        return size_of_shards(self._file) < free
