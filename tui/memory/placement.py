"""Placement of a model: layers on devices, the rest in the machine's own memory."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from tui.memory import needs
from tui.memory.free import RESERVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.memory.free import Device
    from tui.memory.needs import Setting
    from tui.memory.shape import Shape


@dataclass(frozen=True)
class Placement:
    """Bytes, in the machine's own memory and on each device."""

    gpu_layers: int
    """Counted from the last, the output first: llama.cpp's `n_gpu_layers`."""
    host: int
    on_devices: tuple[tuple[Device, int], ...] = ()

    @property
    def total(self) -> int:
        return self.host + sum(need for _, need in self.on_devices)

    @property
    def in_ram(self) -> int:
        """Bytes in the machine's memory, with those of devices that have no memory of their own."""
        return self.host + sum(need for device, need in self.on_devices if device.shares_memory)

    def fits(self, free: int) -> bool:
        """`free` are bytes of the machine's own memory."""
        roomy = all(need + RESERVE <= device.free for device, need in self.on_devices if device.total)
        return roomy and self.in_ram <= free


def place(shape: Shape, setting: Setting, gpu_layers: int, devices: Sequence[Device]) -> Placement:
    """The same as llama.cpp's: the last layers go to the devices, in runs as long as each has free memory."""
    caches = needs.cache(shape, setting)
    slots = [weights + cache for weights, cache in zip(shape.layer_bytes, caches, strict=True)]
    slots.append(shape.output_bytes)
    gpu_layers = min(gpu_layers, len(slots)) if devices else 0
    computing = needs.compute(shape, setting)
    host = shape.input_bytes + sum(slots[: len(slots) - gpu_layers])
    if shape.output_is_tied and not gpu_layers:
        host -= shape.output_bytes  # the very same as the embeddings: only a GPU has a copy
    host += computing + needs.process(shape) + setting.extra
    if not gpu_layers:
        return Placement(0, host)
    if left := caches[: len(slots) - gpu_layers]:
        # A prompt is read on the GPU in the other layers too, whose caches visit it one by one.
        computing = max(computing, max(left) + needs.attention(shape, setting))
    shares = _shares(slots[len(slots) - gpu_layers :], devices)
    on_devices = tuple(
        (device, need + computing) for device, need in zip(devices, shares, strict=True) if need
    )
    return Placement(gpu_layers, host, on_devices)


def _shares(slots: Sequence[int], devices: Sequence[Device]) -> list[int]:
    borders = list(accumulate(max(device.free, 1) for device in devices))
    shares = [0] * len(devices)
    for index, size in enumerate(slots):
        shares[bisect_right(borders, borders[-1] * index / len(slots))] += size
    return shares
