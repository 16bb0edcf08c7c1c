"""The memory plan: how a model is to be loaded here and now, and whether it can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.memory import needs
from tui.memory.placement import place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.memory.free import Device
    from tui.memory.needs import Setting
    from tui.memory.placement import Placement
    from tui.memory.shape import Shape

GIGABYTE = 1e9
ALL_LAYERS = -1


@dataclass(frozen=True)
class Plan:
    placement: Placement
    context_length: int
    sequences: int
    free: int
    """Bytes of the machine's own memory that the plan reckoned with."""
    fits: bool
    layers: int
    """That a GPU could take, the output among them."""
    is_whole: bool
    """Whether nothing was cut: it fits, with all sequences, and all layers on a GPU where there is one."""

    @property
    def needed(self) -> int:
        return self.placement.total

    def line(self, name: str, smaller: str = "") -> str:
        """For example `Falcon-40B Q4_K_M needs 26.9 GB, 14.1 free: will not fit; Q2_K 16.9`.

        `smaller` is what else there is of the same model, already in words.
        """
        return f"{name} needs {gigabytes(self.needed)} GB, {self._there_is()}{smaller and f'; {smaller}'}"

    def _there_is(self) -> str:
        devices = [device for device, _ in self.placement.on_devices if not device.shares_memory]
        free = "".join(f" + {gigabytes(each.free)} on {each.name}" for each in devices)
        return f"{gigabytes(self.free)} free{free}: {self._verdict()}"

    def _verdict(self) -> str:
        if not self.fits:
            return "will not fit"
        if not self.placement.gpu_layers:
            return "fits"
        return f"fits, {self.placement.gpu_layers} of {self.layers} layers on the GPU"


def make_plan(
    shape: Shape,
    setting: Setting,
    *,
    free: int,
    devices: Sequence[Device] = (),
    gpu_layers: int = ALL_LAYERS,
) -> Plan:
    """As many GPU layers as fit (or exactly those asked for), then as many sequences as fit.

    Where nothing fits, the plan is the one that needs the least sequences, with `fits` false.
    `devices` are those that may take layers.
    """
    most = shape.layers + 1 if devices else 0
    wanted = most if gpu_layers == ALL_LAYERS else min(gpu_layers, most)
    choices = range(wanted, -1, -1) if gpu_layers == ALL_LAYERS else [wanted]
    fewest = replace(setting, sequences=1)
    for tried in _fewer_and_fewer(setting):
        for layers in choices:
            placement = place(shape, tried, layers, devices)
            if placement.fits(free):
                whole = layers == wanted and tried == setting
                return _plan(shape, tried, placement, free, fits=True, is_whole=whole)
    least = place(shape, fewest, choices[-1], devices)
    return _plan(shape, fewest, least, free, fits=False, is_whole=False)


def _fewer_and_fewer(setting: Setting) -> Iterator[Setting]:
    for sequences in range(setting.sequences, 0, -1):
        yield replace(setting, sequences=sequences)


def _plan(
    shape: Shape, setting: Setting, placement: Placement, free: int, *, fits: bool, is_whole: bool
) -> Plan:
    return Plan(
        placement=placement,
        context_length=needs.context_of(shape, setting.context_length),
        sequences=setting.sequences,
        free=free,
        fits=fits,
        layers=shape.layers + 1,
        is_whole=is_whole,
    )


def gigabytes(count: int) -> str:
    amount = count / GIGABYTE
    return f"{amount:.1f}" if amount >= 1 else f"{amount:.2f}"
