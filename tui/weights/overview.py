"""One model as a table or a screen shows it before it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.memory.fit import fit_of
from tui.units import GIGABYTE, gigabytes
from tui.weights.files.adapter import missing_adapter
from tui.weights.files.locate import lookup_failure, missing
from tui.weights.files.status import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.catalogue.model import Model
    from tui.memory.free import Device


@dataclass(frozen=True)
class Overview:
    name: str
    title: str
    state: str
    """absent, partial, verified, unverified or broken"""
    shown_state: str
    fetched: int
    """Bytes that are here."""
    file: str
    repo: str
    """On the Hub, of the original where no other is known; empty for a file of the person's or a package."""
    quantisation: str
    bytes: int | None
    approximate: bool
    fit: str
    memory_needed: int | None
    licence: str
    non_commercial: bool
    note: str
    path: str
    problem: str
    """Why it cannot run now, in one line; empty when it can."""
    is_fetchable: bool
    """Certainly not here, and some repository may have it."""
    is_convertible: bool
    """Not here, and made of its original only."""

    @property
    def licence_words(self) -> str:
        says_so = "non-commercial" in self.licence or not self.non_commercial
        return self.licence if says_so else f"{self.licence} (non-commercial)"

    @property
    def size_words(self) -> str:
        if self.bytes is None:
            return "unknown"
        return f"{'~' if self.approximate else ''}{gigabytes(self.bytes)} GB"

    @property
    def memory_words(self) -> str:
        if self.memory_needed is None:
            return "unknown"
        digits = 0 if self.memory_needed >= 10 * GIGABYTE else 1
        return f"{gigabytes(self.memory_needed, digits)} GB {self.fit}"


def overview(model: Model, *, devices: Sequence[Device] = ()) -> Overview:
    """Reads no file as a whole. `devices` are the GPUs whose memory counts."""
    state = state_of(model)
    runnable = state.word in ("verified", "unverified")
    source = state.source or next(iter(model.sources), None)
    checkpoint = model.checkpoint
    origin = source or checkpoint
    size = state.size or model.published_size
    fit = fit_of(model, state.path, source=state.source, devices=devices)
    return Overview(
        name=model.name,
        title=model.title,
        state=state.word,
        shown_state=state.label,
        fetched=state.done,
        file=(source.file or source.path) if source else "",
        repo=origin.repo if origin else "",
        quantisation=source.quantisation if source else "",
        bytes=size,
        approximate=state.size is None,
        fit=fit.word,
        memory_needed=fit.needed,
        licence=model.licence,
        non_commercial=model.non_commercial,
        note=" ".join(filter(None, (model.note, origin.note if origin else ""))),
        path=str(state.path or ""),
        problem=missing_adapter(model) if runnable else missing(model),
        is_fetchable=state.word in ("absent", "partial")
        and any(each.repo for each in model.sources)
        and not lookup_failure(model),
        is_convertible=state.word in ("absent", "partial") and model.is_only_converted,
    )
