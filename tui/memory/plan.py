"""The memory plan: how a model is to be loaded here and now, and whether it can be."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.memory import needs
from tui.memory.placement import place
from tui.units import gigabytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.memory.free import Device
    from tui.memory.needs import Setting
    from tui.memory.placement import Placement
    from tui.memory.shape import Shape

ALL_LAYERS = -1
SHORTEST_CONTEXT = 1024
"""Tokens. With fewer, the default of max_tokens would leave no room for a prompt. It is more than a batch, so
that prompts are read in the same pieces as with any longer context."""


@dataclass(frozen=True)
class Plan:
    placement: Placement
    context_length: int
    """Tokens of each sequence that memory holds."""
    whole_context: int
    """The context that was asked for, as far as the weights have it."""
    sequences: int
    free: int
    """Bytes of the machine's own memory that the plan reckoned with."""
    fits: bool
    layers: int
    """The number of layers that a GPU could take, the output among them."""
    is_whole: bool
    """True if nothing was cut: it fits, with all sequences, all of their context, and all layers on a GPU
    where there is one."""

    @property
    def is_shortened(self) -> bool:
        return self.context_length < self.whole_context

    @property
    def needed(self) -> int:
        return self.placement.total

    def line(self, name: str, smaller: str = "") -> str:
        """The plan as a line, such as `Falcon-40B Q4_K_M needs 26.9 GB, 14.1 free: will not fit; Q2_K 16.9`.

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
        parts = ["fits"]
        if self.placement.gpu_layers:
            parts.append(f"{self.placement.gpu_layers} of {self.layers} layers on the GPU")
        if self.is_shortened:
            parts.append(f"{self.context_length} of {self.whole_context} tokens of context")
        return ", ".join(parts)


def make_plan(
    shape: Shape,
    setting: Setting,
    *,
    free: int,
    devices: Sequence[Device] = (),
    gpu_layers: int = ALL_LAYERS,
) -> Plan:
    """Find room for as many GPU layers as fit (or exactly those asked for), then as many sequences, then as
    long a context for the one that is left.

    Where nothing fits, the plan is that of one sequence with the whole context, `fits` false.
    `devices` are those that may take layers.
    """
    most = shape.layers + 1 if devices else 0
    wanted = most if gpu_layers == ALL_LAYERS else min(gpu_layers, most)
    choices = range(wanted, -1, -1) if gpu_layers == ALL_LAYERS else [wanted]
    setting = replace(setting, context_length=needs.context_of(shape, setting.context_length))

    def plan(tried: Setting, placement: Placement, *, fits: bool, is_whole: bool = False) -> Plan:
        return Plan(
            placement=placement,
            context_length=tried.context_length,
            whole_context=setting.context_length,
            sequences=tried.sequences,
            free=free,
            fits=fits,
            layers=shape.layers + 1,
            is_whole=is_whole,
        )

    def fitting(tried: Setting) -> Placement | None:
        placements = (place(shape, tried, layers, devices) for layers in choices)
        return next((each for each in placements if each.fits(free)), None)

    for sequences in range(setting.sequences, 0, -1):
        tried = replace(setting, sequences=sequences)
        if placement := fitting(tried):
            whole = tried == setting and placement.gpu_layers == wanted
            return plan(tried, placement, fits=True, is_whole=whole)
    one = replace(setting, sequences=1)
    lengths = _shorter(shape, setting.context_length)
    too_long = bisect(lengths, False, key=lambda length: not fitting(replace(one, context_length=length)))
    if too_long:
        tried = replace(one, context_length=lengths[too_long - 1])
        if placement := fitting(tried):
            return plan(tried, placement, fits=True)
    return plan(one, place(shape, one, choices[-1], devices), fits=False)


def _shorter(shape: Shape, whole: int) -> range:
    """Contexts that give the same answers as the whole one, the shortest first."""
    shortest = SHORTEST_CONTEXT
    if 0 < shape.original_context < whole:  # llama.cpp rotates differently up to there
        shortest = max(shortest, shape.original_context + 1)
    cells = needs.CELLS
    return range(-(-shortest // cells) * cells, (whole - 1) // cells * cells + 1, cells)
