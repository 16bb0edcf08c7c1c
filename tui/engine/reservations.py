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

from tui.engine.presence import system_lock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from filelock import FileLock

    from tui.memory.placement import Placement

_LOOKING_SECONDS = 0.05
_PATIENCE_SECONDS = 10.0
"""Planning takes less than one, even where a graphics driver has to be asked."""
_CLOCK_SECONDS = 2.0
"""By which the start of a process may seem to move when the clock is set."""


class Reservation(Struct, frozen=True):
    """Of one worker. Bytes."""

    pid: int
    started: float
    """When the process was: another may have its number later."""
    in_ram: int
    on_devices: dict[str, int] = {}
    """Until they are loaded: from then on a device shows itself what they take."""

    @property
    def outstanding(self) -> int:
        """What it has not taken yet of the machine's own memory."""
        try:
            return max(0, self.in_ram - int(psutil.Process(self.pid).memory_info().rss))
        except psutil.Error:
            return 0


class Reservations:
    """Those of other processes are files in a folder that all of them share, one for each worker. Without a
    folder, or where nothing can be written there, each process knows its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._own: dict[int, Reservation] = {}

    @asynccontextmanager
    async def planning(self) -> AsyncIterator[None]:
        """From looking at the memory there is until the reservation is made: one process at a time."""
        if self._folder is None:
            yield
            return
        lock = system_lock(self._folder / "planning.lock")
        with suppress(OSError, NotImplementedError, TimeoutError):
            self._folder.mkdir(parents=True, exist_ok=True)
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not _is_taken(lock):  # noqa: ASYNC110 - another process cannot set an event
                    await asyncio.sleep(_LOOKING_SECONDS)
        try:
            yield
        finally:
            with suppress(OSError):
                lock.release()

    def make(self, pid: int, placement: Placement | None) -> None:
        """For a worker that was just started; None where nothing is known of what it takes."""
        on_devices = {device.name: need for device, need in placement.on_devices} if placement else {}
        self._write(pid, placement.in_ram if placement else 0, on_devices)

    def loaded(self, pid: int, placement: Placement | None) -> None:
        self._write(pid, placement.host if placement else 0, {})

    def end(self, pid: int) -> None:
        self._own.pop(pid, None)
        if self._folder:
            with suppress(OSError):
                _file(self._folder, pid).unlink()

    def all(self) -> list[Reservation]:
        return [*self._own.values(), *self._of_others()]

    def _write(self, pid: int, in_ram: int, on_devices: dict[str, int]) -> None:
        try:
            started = psutil.Process(pid).create_time()
        except psutil.Error:
            return
        reservation = Reservation(pid, started, in_ram, on_devices)
        if self._own.get(pid) == reservation:
            return
        self._own[pid] = reservation
        if self._folder:
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                unfinished = self._folder / f"unfinished-{pid}"
                unfinished.write_bytes(msgspec.json.encode(reservation))
                unfinished.replace(_file(self._folder, pid))

    def _of_others(self) -> list[Reservation]:
        found = []
        for file in self._folder.glob("worker-*.json") if self._folder else ():
            with suppress(OSError, msgspec.DecodeError):
                reservation = msgspec.json.decode(file.read_bytes(), type=Reservation)
                if reservation.pid in self._own:
                    continue
                if _lives(reservation):
                    found.append(reservation)
                else:
                    file.unlink()  # its process died without a word
        return found


def _is_taken(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _file(folder: Path, pid: int) -> Path:
    return folder / f"worker-{pid}.json"


def _lives(reservation: Reservation) -> bool:
    try:
        started = psutil.Process(reservation.pid).create_time()
        return abs(started - reservation.started) < _CLOCK_SECONDS
    except psutil.Error:
        return False
