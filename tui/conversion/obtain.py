"""Everything a model needs to run: fetched, or where nobody offers it, made from its original."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.catalogue.model import CONVERTED_TO
from tui.conversion.convert import Conversion, convert
from tui.conversion.estimate import Estimate, estimate
from tui.weights.adapters.fetch_adapter import fetch_adapter
from tui.weights.checkpoint import fetched_bytes, published_bytes
from tui.weights.control import Control
from tui.weights.events import Remark
from tui.weights.failures import ConnectionLostError, NoSourceError, SourceFailedError
from tui.weights.fetch import fetch
from tui.weights.fetch_file import finished_last
from tui.weights.memory import GIGABYTE
from tui.weights.patience import Patience
from tui.weights.places import target_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tui.catalogue.model import Checkpoint, Model
    from tui.weights.events import FetchEvent


def obtain(
    model: Model, *, patience: Patience | None = None, control: Control | None = None
) -> Iterator[FetchEvent]:
    """As `tui.weights.fetch.fetch`, and converts the model's checkpoint where no source gives a file."""
    try:
        yield from fetch(model, patience=patience, control=control)
        return
    except NoSourceError as error:
        if model.checkpoint is None:
            raise
        if model.sources:
            yield Remark(f"{error}; converting {model.checkpoint.repo} instead")
    patience, control = patience or Patience(), control or Control()
    conversion = conversion_of(model, model.checkpoint)
    finished = yield from finished_last(convert(conversion, patience=patience, control=control))
    yield from fetch_adapter(model, finished.path, patience, control)
    yield finished


def conversion_of(model: Model, checkpoint: Checkpoint) -> Conversion:
    return Conversion(model.name, checkpoint, target_of(checkpoint.converted), CONVERTED_TO)


def estimated(
    checkpoint: Checkpoint, quantisation: str = CONVERTED_TO, patience: Patience | None = None
) -> Estimate | None:
    """By what the Hub says of the checkpoint, else the catalogue. None where neither knows its size."""
    try:
        size = _result(published_bytes(checkpoint, patience or Patience(), Control()))
    except (SourceFailedError, ConnectionLostError):
        size = int((checkpoint.size_gb or 0) * GIGABYTE)
    return estimate(size, quantisation, here=fetched_bytes(checkpoint)) if size else None


def _result(asking: Generator[object, None, int]) -> int:
    while True:
        try:
            next(asking)
        except StopIteration as end:
            return int(end.value)
