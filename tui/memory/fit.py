"""The fit of a catalogue's model into this machine's memory, whether its file is here or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.catalogue.shards import size_of_shards
from tui.errors import WeightsError
from tui.memory.assumed import assumed_shape
from tui.memory.free import free_memory, total_memory
from tui.memory.needs import Setting
from tui.memory.plan import make_plan
from tui.memory.shape import read_shape
from tui.units import gigabytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui.catalogue.model import Model, Source
    from tui.memory.free import Device
    from tui.memory.plan import Plan
    from tui.memory.shape import Shape

Word = Literal["fits", "tight", "too large", "unknown"]


@dataclass(frozen=True)
class Fit:
    """A model, one of its files, and the plan by which that would be loaded now: None where neither a header
    nor anything published says how large it is."""

    model: Model
    source: Source | None
    plan: Plan | None

    @property
    def word(self) -> Word:
        """fits: into what is free; tight: only when other programs give memory back, or with less context;
        too large: never here."""
        if self.plan is None:
            return "unknown"
        if self.plan.fits and not self.plan.is_shortened:
            return "fits"
        return "tight" if self.plan.placement.in_ram <= total_memory() else "too large"

    @property
    def can_load(self) -> bool | None:
        """Now, if need be with less context; None where nobody knows."""
        return self.plan.fits if self.plan else None

    @property
    def needed(self) -> int | None:
        """Bytes of memory."""
        return self.plan.needed if self.plan else None

    @property
    def line(self) -> str:
        """The plan's line, with a smaller file of the same model where this one does not fit."""
        if self.plan is None:
            return f"{self.model.title}: its size is not known"
        source = self.source or next(iter(self.model.all_sources), None)
        name = " ".join(filter(None, [self.model.title, source.quantisation if source else ""]))
        return self.plan.line(name, "" if self.word == "fits" else _smaller(self.model, self.plan.needed))


def fit_of(
    model: Model, path: Path | None = None, *, source: Source | None = None, devices: Sequence[Device] = ()
) -> Fit:
    """From the header of the file at `path` where it is here, else from what is published of `source`, by
    default of the first one with a size."""
    published = source or next((each for each in model.all_sources if each.published_size), None)
    shape = _shape(model, path, published)
    setting = Setting(model.context_length)
    plan = make_plan(shape, setting, free=free_memory(), devices=devices) if shape else None
    return Fit(model, source, plan)


def _shape(model: Model, path: Path | None, source: Source | None) -> Shape | None:
    size = source.published_size if source else None
    if path is not None:
        try:
            return read_shape(path)
        except WeightsError:  # loading it will say what is wrong
            size = size_of_shards(path)
    return assumed_shape(size, source.quantisation if source else "", model.architecture) if size else None


def _smaller(model: Model, needed: int) -> str:
    """The largest of those that are smaller and fit, else the smallest: `Q2_K 16.9`."""
    fits = [fit_of(model, source=each) for each in model.sources if each.published_size]
    smaller = [each for each in fits if _need(each) < 0.95 * needed]
    if not smaller:
        return ""
    fitting = [each for each in smaller if each.word == "fits"]
    found = max(fitting, key=_need) if fitting else min(smaller, key=_need)
    return (
        f"{found.source.quantisation or found.source.file} {gigabytes(_need(found))}" if found.source else ""
    )


def _need(fit: Fit) -> int:
    return fit.needed or 0
