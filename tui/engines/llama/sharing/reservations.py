"""Memory that workers were promised, of all the program's processes on this machine.

Weights take their memory while they load, which may last a minute: whoever plans meanwhile has to know what
is spoken for.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import msgspec
import psutil
from filelock import Timeout
from msgspec import Struct

from tui.files import read_small, replace_whole
from tui.paths import make_folder
from tui.processes.locks import system_lock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from filelock import FileLock

    from tui.memory.placement import Placement

_LOOKING_SECONDS = 0.05
_PATIENCE_SECONDS = 10.0
"""Planning takes less than one, even where a graphics driver has to be asked."""
_CLOCK_SECONDS = 2.0
"""The start of a process may seem to move by this much when the clock is set."""


class Reservation(Struct, frozen=True):
    """The reservation of one worker, in bytes."""

    pid: int
    started: float
    """The start of the process: another may have its number later."""
    in_ram: int
    on_devices: dict[str, int] = {}
    left: dict[str, int] = {}
    """Free memory beside it on the devices, until it has loaded and they show it themselves."""

    @property
    def outstanding(self) -> int:
        """The part of the machine's own memory that it has not taken yet."""
        try:
            return max(0, self.in_ram - int(psutil.Process(self.pid).memory_info().rss))
        except psutil.Error:
            return 0

    @property
    def lives(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            moved = abs(process.create_time() - self.started)
            return moved < _CLOCK_SECONDS and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False


class Reservations:
    """Reservations of all processes: files in a folder that they share, one for each worker. Without a
    folder, or where nothing can be written there, each process knows its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._own: dict[int, Reservation] = {}
        self._written: dict[int, Reservation] = {}

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[None]:
        """Let one process at a time look at the memory and reserve some of it."""
        if self._folder is None:
            yield
            return
        lock = system_lock(self._folder / "planning.lock")
        with suppress(OSError, NotImplementedError, TimeoutError):
            make_folder(self._folder)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not _is_taken(lock):  # noqa: ASYNC110 - another process cannot set an event
                    await asyncio.sleep(_LOOKING_SECONDS)
        try:
            yield
        finally:
            with suppress(OSError):
                lock.release()

    def make(self, pid: int, placement: Placement | None) -> None:
        """Reserve for a worker that was just started; None where its needs are not known."""
        left = {device.name: device.free - need for device, need in placement.on_devices} if placement else {}
        self._write(pid, placement, placement.in_ram if placement else 0, left)

    def loaded(self, pid: int, placement: Placement | None) -> None:
        self._write(pid, placement, placement.host if placement else 0, {})

    def end(self, pid: int) -> None:
        self._own.pop(pid, None)
        self._written.pop(pid, None)
        if self._folder:
            with suppress(OSError):
                _file(self._folder, pid).unlink()

    def all(self) -> list[Reservation]:
        return [*self._own.values(), *self._of_others()]

    def _write(self, pid: int, placement: Placement | None, in_ram: int, left: dict[str, int]) -> None:
        try:
            started = psutil.Process(pid).create_time()
        except psutil.Error:
            return
        on_devices = {device.name: need for device, need in placement.on_devices} if placement else {}
        reservation = self._own[pid] = Reservation(pid, started, in_ram, on_devices, left)
        if self._folder is None or self._written.get(pid) == reservation:
            return
        file = _file(self._folder, pid)
        unfinished = file.with_suffix(".unfinished")
        with suppress(OSError):  # on Windows also while somebody reads it: the next event tries again
            make_folder(self._folder)
            replace_whole(file, msgspec.json.encode(reservation), unfinished, mode=0o600)
            self._written[pid] = reservation

    def _of_others(self) -> list[Reservation]:
        found = []
        for file in self._folder.glob("worker-*.json") if self._folder else ():
            with suppress(OSError, ValueError, RecursionError):
                reservation = msgspec.json.decode(read_small(file), type=Reservation)
                if reservation.pid in self._own:
                    continue
                if reservation.lives:
                    found.append(reservation)
                else:  # its process died without a word
                    file.with_suffix(".unfinished").unlink(missing_ok=True)
                    file.unlink()
        return found


def _is_taken(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _file(folder: Path, pid: int) -> Path:
    return folder / f"worker-{pid}.json"
