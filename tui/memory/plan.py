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
SHORTEST_CONTEXT = needs.BATCH
"""Tokens. Prompts are read in the same pieces with this context as with any longer one."""


@dataclass(frozen=True)
class Plan:
    placement: Placement
    context_length: int
    """Tokens of each sequence that memory holds."""
    whole_context: int
    """Those asked for, as far as the weights go."""
    sequences: int
    free: int
    """Bytes of the machine's own memory that the plan reckoned with."""
    fits: bool
    layers: int
    """That a GPU could take, the output among them."""
    is_whole: bool
    """Whether nothing was cut: it fits, with all sequences, all of their context, and all layers on a GPU
    where there is one."""

    @property
    def is_shortened(self) -> bool:
        return self.context_length < self.whole_context

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
    """As many GPU layers as fit (or exactly those asked for), then as many sequences as fit, then as long a
    context for the one that is left.

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

    for tried in _less_and_less(setting):
        for layers in choices:
            placement = place(shape, tried, layers, devices)
            if placement.fits(free):
                whole = layers == wanted and tried == setting
                return plan(tried, placement, fits=True, is_whole=whole)
    one = replace(setting, sequences=1)
    return plan(one, place(shape, one, choices[-1], devices), fits=False)


def _less_and_less(setting: Setting) -> Iterator[Setting]:
    for sequences in range(setting.sequences, 0, -1):
        yield replace(setting, sequences=sequences)
    longest = (setting.context_length - 1) // needs.CELLS * needs.CELLS
    for length in range(longest, SHORTEST_CONTEXT - 1, -needs.CELLS):
        yield replace(setting, sequences=1, context_length=length)


def gigabytes(count: int) -> str:
    amount = count / GIGABYTE
    return f"{amount:.1f}" if amount >= 1 else f"{amount:.2f}"
