"""Fetching of a model's verified file: its sources are asked in order, until one gives it."""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui.catalogue.shards import shards_of
from tui.errors import WeightsError
from tui.units import amount
from tui.weights.control import Control
from tui.weights.errors import ConnectionLostError, NoSourceError, SourceFailedError, UnreachableError
from tui.weights.events import Finished, SourceFailed, Verifying
from tui.weights.fetching.fetch_adapter import fetch_adapter
from tui.weights.fetching.fetch_file import fetch_file, finished_last
from tui.weights.files.layout import part_size, target_of
from tui.weights.files.local_file import LocalFile
from tui.weights.files.locate import missing, present
from tui.weights.files.removal import remove_traces
from tui.weights.hub.transfer_rate import now_and_then

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from tui.catalogue.model import Model, Source
    from tui.weights.events import FetchEvent


def fetch(model: Model, *, control: Control | None = None) -> Iterator[FetchEvent]:
    """The model's file, and its adapter if it has one. The last event is Finished, of the file. What is here
    is not fetched again, only hashed where that can tell.

    Raises NoSourceError when no source gives the file, UnreachableError, which does not name the model, when
    nobody can be asked, WeightsError when it cannot go on now, StoppedError after `control.stop()`. Closing
    the iterator stops too; all leave a part that the next call continues.
    """
    control = control or Control()
    finished = (yield from _here_already(model, control)) or (yield from _fetched(model, control))
    yield from fetch_adapter(model, finished.path, control)
    yield finished


def _fetched(model: Model, control: Control) -> Generator[FetchEvent, None, Finished]:
    sources = _begun_first(model)
    if not sources:
        raise NoSourceError(missing(model))
    reasons: list[str] = []
    for source in sources:
        try:
            finished = yield from _every_shard(source, control)
        except (SourceFailedError, ConnectionLostError) as error:
            if isinstance(error, ConnectionLostError) and any(map(part_size, _shards(source))):
                raise WeightsError(_to_be_continued(model, source, error)) from error
            if isinstance(error, UnreachableError):
                raise  # nor can another repository of the same Hub be
            reasons.append(str(error))
            if source is sources[-1]:
                raise NoSourceError(_none_left(model, source, reasons)) from error
            yield SourceFailed(source, str(error))
        else:
            _remove_parts_of_others(sources, source)
            return finished
    raise AssertionError("the last source either gives the file or raises")


def _every_shard(source: Source, control: Control) -> Generator[FetchEvent, None, Finished]:
    shards = _shards(source)
    fetched = False
    for shard in shards:
        finished = yield from finished_last(fetch_file(shard, control))
        fetched |= finished.fetched
    if len(shards) == 1:
        return finished
    file = LocalFile(target_of(source), source)
    if file.defect:
        raise SourceFailedError(file.defect)
    return _finished(file, fetched=fetched)


def _shards(source: Source) -> list[Source]:
    """The source of each file of split weights. The published size and sha256 are those of all together."""
    files = shards_of(PurePosixPath(source.file))
    return (
        [source]
        if len(files) == 1
        else [replace(source, file=str(file), size=None, sha256=None) for file in files]
    )


def _here_already(model: Model, control: Control) -> Generator[FetchEvent, None, Finished | None]:
    for file in present(model):
        if file.expected_sha256 and not file.sha256 and not file.defect:
            size = file.size
            for done in now_and_then(file.read_again(), control):
                yield Verifying(file.path, done, size)
        if not file.defect:
            return _finished(file, fetched=False)
    return None


def _finished(file: LocalFile, *, fetched: bool) -> Finished:
    return Finished(file.path, file.size, file.sha256, file.is_verified, fetched)


def _begun_first(model: Model) -> list[Source]:
    """Put sources of which a part is here before the others, against the catalogue's order."""
    on_hub = [source for source in model.sources if source.repo]
    return sorted(on_hub, key=lambda source: not part_size(source))


def _to_be_continued(model: Model, source: Source, error: Exception) -> str:
    return f"{model.name}: {error}; {amount(part_size(source))} are here: start it again to go on"


def _none_left(model: Model, source: Source, reasons: Sequence[str]) -> str:
    told = f"{source.repo} {source.file}: {reasons[-1]}"
    if len(reasons) == 1:
        return f"{model.name}: {told}"
    none = f"{model.name}: none of its {len(reasons)} sources gives the file"
    return f"{none}, all for the same reason" if len(set(reasons)) == 1 else f"{none}; the last, {told}"


def _remove_parts_of_others(sources: Sequence[Source], fetched: Source) -> None:
    for source in sources:
        # The file is here: what cannot be cleared away is no failure any more.
        with contextlib.suppress(WeightsError, OSError):
            if target_of(source) != target_of(fetched):
                remove_traces(target_of(source))
