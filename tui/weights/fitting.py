"""The fit of a catalogue's models into this machine's memory, whether their files are here or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tui.catalogue.shards import size_of_shards
from tui.errors import WeightsError
from tui.memory.assumed import assumed_shape
from tui.memory.free import free_memory, total_memory
from tui.memory.needs import Setting
from tui.memory.plan import make_plan
from tui.memory.shape import read_shape
from tui.units import GIGABYTE, gigabytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tui.catalogue.model import Model, Source
    from tui.memory.free import Device
    from tui.memory.plan import Plan
    from tui.memory.shape import Shape

Fit = Literal["fits", "tight", "too large"]


def size_of(source: Source) -> int | None:
    """Bytes of its file as published, exactly or as the Hub's page shows it."""
    return source.size or (int(source.size_gb * GIGABYTE) if source.size_gb else None)


def published_size(model: Model) -> int | None:
    """Of the first source whose size is known."""
    return next((size for size in map(size_of, model.all_sources) if size), None)


def plan_for(
    model: Model, path: Path | None, *, source: Source | None = None, devices: Sequence[Device] = ()
) -> Plan | None:
    """From the header of the file where it is here, else from what is published of `source`, by default of
    the first that says its size. None where neither says anything."""
    source = source or next((each for each in model.all_sources if size_of(each)), None)
    shape = _shape(model, path, source)
    if shape is None:
        return None
    return make_plan(shape, Setting(model.context_length), free=free_memory(), devices=devices)


def _shape(model: Model, path: Path | None, source: Source | None) -> Shape | None:
    size = size_of(source) if source else None
    if path is not None:
        try:
            return read_shape(path)
        except WeightsError:  # loading it will say what is wrong
            size = size_of_shards(path)
    return assumed_shape(size, source.quantisation if source else "", model.architecture) if size else None


def fit_of(plan: Plan) -> Fit:
    """fits: into what is free; tight: only when other programs give memory back, or with less context;
    too large: never here."""
    if plan.fits and not plan.is_shortened:
        return "fits"
    return "tight" if plan.placement.in_ram <= total_memory() else "too large"


def line_for(model: Model, source: Source | None, plan: Plan) -> str:
    """The plan's line, with a smaller file of the same model where this one does not fit."""
    source = source or next(iter(model.all_sources), None)
    name = " ".join(filter(None, [model.title, source.quantisation if source else ""]))
    return plan.line(name, "" if fit_of(plan) == "fits" else _smaller(model, plan))


def _smaller(model: Model, plan: Plan) -> str:
    """The largest of those that are smaller and fit, else the smallest: `Q2_K 16.9`."""
    plans = [(each, plan_for(model, None, source=each)) for each in model.sources if size_of(each)]
    found = [(each, its) for each, its in plans if its and its.needed < 0.95 * plan.needed]
    if not found:
        return ""
    fitting = [pair for pair in found if fit_of(pair[1]) == "fits"]
    source, its = max(fitting, key=_need) if fitting else min(found, key=_need)
    return f"{source.quantisation or source.file} {gigabytes(its.needed)}"


def _need(pair: tuple[Source, Plan]) -> int:
    return pair[1].needed
