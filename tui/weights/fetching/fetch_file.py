"""Fetching of one file of a repository into its place in the models folder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui import paths
from tui.errors import WeightsError
from tui.units import amount
from tui.weights.errors import SourceFailedError
from tui.weights.events import Finished, Started, Verifying
from tui.weights.files.digest_cache import remember_sha256, remembered_sha256
from tui.weights.files.disk import require_room
from tui.weights.files.layout import target_of
from tui.weights.files.local_file import LocalFile, defect_of
from tui.weights.files.locate import unspeakable
from tui.weights.files.lock import TargetLock
from tui.weights.hub.asking import patiently
from tui.weights.hub.metadata import describe
from tui.weights.hub.partial_file import PartialFile
from tui.weights.hub.transfer import fill
from tui.weights.hub.transfer_rate import now_and_then

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from tui.catalogue.model import Source
    from tui.weights.control import Control
    from tui.weights.events import FetchEvent
    from tui.weights.hub.metadata import RemoteFile


def fetch_file(source: Source, control: Control) -> Iterator[FetchEvent]:
    """The last event is Finished. Continues a part that is here, if it is of the very same file.

    Raises SourceFailedError, ConnectionLostError, StoppedError, and WeightsError for the disk.
    """
    target = target_of(source)
    if problem := unspeakable(target):
        raise WeightsError(problem)  # before gigabytes are where nothing can run them
    remote = yield from patiently(partial(describe, source), control)
    _refuse_another_file(source, remote)
    lock = TargetLock(target)
    yield from lock.waited_for(control)
    try:
        # The process that was waited for may have been here.
        if target.is_file() and not defect_of(target, source.size, source.sha256):
            size, digest = target.stat().st_size, remembered_sha256(target)
            yield Finished(target, size, digest, LocalFile(target, source).is_verified, fetched=False)
            return
        with PartialFile.opened(target, remote) as part:
            yield _started(part, remote)
            for done in now_and_then(part.read_again(), control):
                yield Verifying(target, done, part.size)
            yield from fill(part, remote, control)
            yield _finished(part, remote)
    finally:
        lock.release()


def finished_last(events: Iterator[FetchEvent]) -> Generator[FetchEvent, None, Finished]:
    """Everything but the last event, which is returned: for who has more to do than this file."""
    for event in events:
        if isinstance(event, Finished):
            return event
        yield event
    raise AssertionError("the last event of a fetch is Finished")


def _refuse_another_file(source: Source, remote: RemoteFile) -> None:
    """Refuse, before a byte is fetched, a file that differs from what the catalogue knows exactly."""
    if source.size is not None and source.size != remote.size:
        raise SourceFailedError(
            f"the Hub has {remote.size:,} bytes, the catalogue knows it with {source.size:,}"
        )
    if source.sha256 and remote.sha256 and source.sha256 != remote.sha256:
        raise SourceFailedError(
            f"the Hub has another file by now (sha256 {remote.sha256[:12]}…, "
            f"the catalogue knows {source.sha256[:12]}…)"
        )


def _started(part: PartialFile, remote: RemoteFile) -> Started:
    needed = remote.size - part.size
    needs = f"{paths.models_dir()}: {amount(needed)} are needed"
    free = require_room(part.target.parent, needed, needs)
    return Started(remote.source, part.target, remote.size, part.size, free)


def _finished(part: PartialFile, remote: RemoteFile) -> Finished:
    expected = remote.sha256 or remote.source.sha256
    if expected and part.sha256 != expected:
        part.discard()
        raise SourceFailedError(
            f"what came is not the file: its sha256 is {part.sha256}, it should be {expected}; thrown away"
        )
    part.finish()
    remember_sha256(part.target, part.sha256)
    return Finished(part.target, part.size, part.sha256, verified=expected is not None, fetched=True)
