"""Reading a model's file again as a stream of events: what a `Download` can run beside an event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.catalogue.shards import size_of_shards
from tui.errors import WeightsError
from tui.weights.control import Control
from tui.weights.events import Finished, Verifying
from tui.weights.files.locate import missing
from tui.weights.files.status import state_of, verify
from tui.weights.hub.transfer_rate import now_and_then

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.catalogue.model import Model
    from tui.weights.events import FetchEvent


def read_again(model: Model, *, control: Control | None = None) -> Iterator[FetchEvent]:
    """Like `fetch`, but nothing is fetched: the last event is Finished, of the file as it was found.

    Raises WeightsError when there is none or it is broken, and StoppedError after `control.stop()`.
    """
    before = state_of(model)
    if before.path is None:
        raise WeightsError(missing(model))
    size = size_of_shards(before.path)
    for done in now_and_then(verify(model), control or Control()):
        yield Verifying(before.path, done, size)
    after = state_of(model)
    if after.path is None or after.word == "broken":
        raise WeightsError(missing(model))
    yield Finished(after.path, size, after.sha256, verified=after.word == "verified", fetched=False)
