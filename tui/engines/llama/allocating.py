"""Allocation: a load specification, fitted into the memory that is left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tui.errors import WeightsError
from tui.memory.allocation import allocate
from tui.memory.needs import Setting
from tui.memory.shape import read_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tui.engines.llama.protocol import LoadSpec
    from tui.engines.llama.sharing.reservations import Reservation, Reservations
    from tui.memory.allocation import Allocation
    from tui.memory.free import Device
    from tui.memory.placement import Placement


class Allocated(NamedTuple):
    spec: LoadSpec
    """The specification as it is carried out."""
    allocation: Allocation | None
    """None for a file whose header cannot be read: the worker says better what is wrong with it."""

    @property
    def is_whole(self) -> bool:
        return self.allocation is None or self.allocation.is_whole


class Allocator:
    """`available` gives the bytes free beside workers of these pids, `total` those of the machine,
    `find_devices` the GPUs. `extra_layouts` says which weights may be laid out anew."""

    def __init__(
        self,
        *,
        available: Callable[[Iterable[int]], int],
        total: Callable[[], int],
        find_devices: Callable[[], Sequence[Device]],
        reservations: Reservations,
        extra_layouts: Callable[[LoadSpec], bool] = lambda _spec: True,
    ) -> None:
        self._extra_layouts = extra_layouts
        self._available = available
        self._total = total
        self._find_devices = find_devices
        self._reservations = reservations

    async def allocate(self, spec: LoadSpec) -> Allocated:
        return await self._allocate(spec, given_back=None)

    async def allocate_anew(self, spec: LoadSpec, allocation: Allocation) -> Allocated:
        """A new allocation for loaded weights, as if they gave their memory back."""
        return await self._allocate(spec, given_back=allocation.placement)

    async def best(self, spec: LoadSpec) -> Allocation | None:
        """The allocation with the whole machine."""
        found = await asyncio.to_thread(self._find_devices)
        devices = [replace(device, free=device.total) for device in found]
        return await asyncio.to_thread(allocation_of, spec, free=self._total(), devices=devices)

    async def _allocate(self, spec: LoadSpec, *, given_back: Placement | None) -> Allocated:
        spec = replace(spec, extra_layouts=spec.extra_layouts and self._extra_layouts(spec))
        # Asked before the devices: what has loaded between the two is in one of them.
        reserved = self._reservations.all()
        found = await asyncio.to_thread(self._find_devices)
        free = self._available([each.pid for each in reserved])
        free -= sum(each.outstanding for each in reserved)
        returned: dict[str, int] = {}
        if given_back:
            free += given_back.in_ram
            returned = {device.name: need for device, need in given_back.on_devices}
        devices = [
            replace(each, free=max(0, _left(each, reserved) + returned.get(each.name, 0))) for each in found
        ]
        roomy = tuple(each.name for each in devices if each.has_room)
        if roomy and len(roomy) < len(devices) and not spec.devices:
            spec = replace(spec, devices=roomy)  # llama.cpp would begin with the first, full or not
        allocation = await asyncio.to_thread(allocation_of, spec, free=free, devices=devices)
        return Allocated(as_allocated(spec, allocation, devices), allocation)


def _left(device: Device, reserved: Iterable[Reservation]) -> int:
    """Some drivers never say what was taken."""
    if device.free == device.total:
        return device.free - sum(each.on_devices.get(device.name, 0) for each in reserved)
    return min([device.free, *(each.left[device.name] for each in reserved if device.name in each.left)])


def allocation_of(spec: LoadSpec, *, free: int, devices: Sequence[Device]) -> Allocation | None:
    """The allocation; None for a file whose header cannot be read: the worker says better what is wrong."""
    chosen = [each for each in devices if not spec.devices or each.name in spec.devices]
    try:
        return allocate(
            read_shape(Path(spec.path)),
            Setting(spec.context_length, spec.parallel, extra=_size(spec.adapter_path)),
            free=free,
            devices=chosen,
            gpu_layers=spec.gpu_layers,
        )
    except WeightsError:
        return None


def as_allocated(spec: LoadSpec, allocation: Allocation | None, devices: Sequence[Device]) -> LoadSpec:
    """The specification with as many generations at a time, as much context and as many GPU layers as fit."""
    if allocation is None:
        return spec
    allocated = replace(
        spec,
        parallel=allocation.sequences,
        held_context=allocation.context_length if allocation.is_shortened else 0,
    )
    return replace(allocated, gpu_layers=allocation.placement.gpu_layers) if devices else allocated


def _size(path: str | None) -> int:
    try:
        return Path(path).stat().st_size if path else 0
    except OSError:
        return 0
