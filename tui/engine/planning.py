"""How a load specification is carried out with the memory there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui.errors import WeightsError
from tui.memory.needs import Setting
from tui.memory.plan import make_plan
from tui.memory.shape import read_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.engine.messages import LoadSpec
    from tui.memory.free import Device
    from tui.memory.plan import Plan


def plan_of(spec: LoadSpec, *, free: int, devices: Sequence[Device]) -> Plan | None:
    """None for a file whose header cannot be read: the worker says better what is wrong with it."""
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
    """With as many generations at a time and as much context as fit, and the layers that fit where a GPU can
    take any."""
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
