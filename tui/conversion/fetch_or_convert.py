"""All files that a model needs to run: fetched, or where nobody offers them, made from the original."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.catalogue.model import CONVERTED_TO, Checkpoint
from tui.conversion.conversion import Conversion
from tui.conversion.estimate import Estimate, estimate
from tui.conversion.steps import convert
from tui.units import GIGABYTE
from tui.weights.control import Control
from tui.weights.errors import ConnectionLostError, NoSourceError, SourceFailedError
from tui.weights.events import Remark
from tui.weights.fetching.fetch import fetch
from tui.weights.fetching.fetch_adapter import fetch_adapter
from tui.weights.fetching.fetch_checkpoint import published_bytes
from tui.weights.fetching.fetch_file import finished_last
from tui.weights.files.disk import folder_bytes
from tui.weights.files.layout import target_of
from tui.weights.files.manifest import fetched_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from tui.catalogue.model import Model
    from tui.weights.events import FetchEvent


def fetch_or_convert(
    model: Model,
    *,
    control: Control | None = None,
    may_convert: Callable[[Model, Checkpoint, NoSourceError], bool] | None = None,
) -> Iterator[FetchEvent]:
    """Fetch as `tui.weights.fetching.fetch.fetch` does. Where no source gives a file, convert the checkpoint,
    then the adapter. `may_convert` is asked before; without it a Remark says so.

    Raises what `fetch` does, NoSourceError also where it may not convert.
    """
    try:
        yield from fetch(model, control=control)
    except NoSourceError as error:
        checkpoint = model.checkpoint
        if checkpoint is None or (may_convert and not may_convert(model, checkpoint, error)):
            raise
        if model.sources and may_convert is None:
            yield Remark(f"{error}; converting {checkpoint.repo} instead")
        yield from _converted(model, checkpoint, control or Control())


def _converted(model: Model, checkpoint: Checkpoint, control: Control) -> Iterator[FetchEvent]:
    conversion = conversion_of(model, checkpoint)
    finished = yield from finished_last(convert(conversion, control=control))
    yield from fetch_adapter(model, finished.path, control)
    yield finished


def conversion_of(model: Model, checkpoint: Checkpoint) -> Conversion:
    return Conversion(model.name, checkpoint, target_of(checkpoint.converted), CONVERTED_TO)


def estimated(conversion: Conversion) -> Estimate | None:
    """The estimate from the Hub, else from the catalogue; None where neither knows the checkpoint's size."""
    source, quantisation = conversion.source, conversion.quantisation
    if not isinstance(source, Checkpoint):
        size = folder_bytes(source)
        return estimate(size, quantisation, here=size)
    try:
        size = _result(published_bytes(source, Control()))
    except (SourceFailedError, ConnectionLostError):
        size = int((source.size_gb or 0) * GIGABYTE)
    here = size if conversion.whole_is_here() else fetched_bytes(source)
    return estimate(size, quantisation, here=here) if size else None


def _result(asking: Generator[object, None, int]) -> int:
    while True:
        try:
            next(asking)
        except StopIteration as end:
            return int(end.value)
