"""Plans of loading: a load specification, fitted into the memory that is left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from tui.errors import WeightsError
from tui.memory.needs import Setting
from tui.memory.plan import make_plan
from tui.memory.shape import read_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tui.engines.llama.protocol import LoadSpec
    from tui.engines.llama.sharing.reservations import Reservation, Reservations
    from tui.memory.free import Device
    from tui.memory.placement import Placement
    from tui.memory.plan import Plan


class Planned(NamedTuple):
    spec: LoadSpec
    """The specification as it is carried out."""
    plan: Plan | None
    """None for a file whose header cannot be read: the worker says better what is wrong with it."""

    @property
    def is_whole(self) -> bool:
        return self.plan is None or self.plan.is_whole


class Planner:
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

    async def plan(self, spec: LoadSpec) -> Planned:
        return await self._plan(spec, given_back=None)

    async def plan_anew(self, spec: LoadSpec, plan: Plan) -> Planned:
        """A new plan for loaded weights, as if they gave their memory back."""
        return await self._plan(spec, given_back=plan.placement)

    async def best(self, spec: LoadSpec) -> Plan | None:
        """The plan with the whole machine."""
        found = await asyncio.to_thread(self._find_devices)
        devices = [replace(device, free=device.total) for device in found]
        return await asyncio.to_thread(plan_of, spec, free=self._total(), devices=devices)

    async def _plan(self, spec: LoadSpec, *, given_back: Placement | None) -> Planned:
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
        plan = await asyncio.to_thread(plan_of, spec, free=free, devices=devices)
        return Planned(as_planned(spec, plan, devices), plan)


def _left(device: Device, reserved: Iterable[Reservation]) -> int:
    """Some drivers never say what was taken."""
    if device.free == device.total:
        return device.free - sum(each.on_devices.get(device.name, 0) for each in reserved)
    return min([device.free, *(each.left[device.name] for each in reserved if device.name in each.left)])


def plan_of(spec: LoadSpec, *, free: int, devices: Sequence[Device]) -> Plan | None:
    """The plan; None for a file whose header cannot be read: the worker says better what is wrong."""
    chosen = [each for each in devices if not spec.devices or each.name in spec.devices]
    try:
        return make_plan(
            read_shape(Path(spec.path)),
            Setting(spec.context_length, spec.parallel, extra=_size(spec.adapter_path)),
            free=free,
            devices=chosen,
            gpu_layers=spec.gpu_layers,
        )
    except WeightsError:
        return None


def as_planned(spec: LoadSpec, plan: Plan | None, devices: Sequence[Device]) -> LoadSpec:
    """The specification with as many generations at a time, as much context and as many GPU layers as fit."""
    if plan is None:
        return spec
    planned = replace(
        spec, parallel=plan.sequences, held_context=plan.context_length if plan.is_shortened else 0
    )
    return replace(planned, gpu_layers=plan.placement.gpu_layers) if devices else planned


def _size(path: str | None) -> int:
    try:
        return Path(path).stat().st_size if path else 0
    except OSError:
        return 0
