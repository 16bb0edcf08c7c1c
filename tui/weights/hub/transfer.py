"""Transfer of a partial file's missing bytes, over as many connections as it takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.weights.errors import ConnectionLostError, SourceFailedError
from tui.weights.events import Progress, StartingOver, Waiting
from tui.weights.hub.connection import Connection, Head
from tui.weights.hub.retry import Tries
from tui.weights.hub.transfer_rate import TransferRate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.weights.control import Control
    from tui.weights.hub.metadata import RemoteFile
    from tui.weights.hub.partial_file import PartialFile

TransferEvent = Progress | StartingOver | Waiting
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,16})-([0-9]{1,16})/([0-9]{1,16}|\*)")


def fill(part: PartialFile, remote: RemoteFile, control: Control) -> Iterator[TransferEvent]:
    """Fetch until the part has all bytes; its sha256 says whether they are the right ones.

    Raises SourceFailedError, ConnectionLostError after the last try, WeightsError for the disk, StoppedError.
    What was written stays.
    """
    tries = Tries(control.patience)
    while part.size < remote.size:
        try:
            yield from _once(part, remote, control)
        except ConnectionLostError as error:
            pause = tries.pause_after(error, part.size)
            yield Waiting(str(error), pause)
            control.wait(pause)


def _once(part: PartialFile, remote: RemoteFile, control: Control) -> Iterator[TransferEvent]:
    offset = part.size
    with Connection(remote, offset, part.origin.served_etag, control) as connection:
        head = connection.head()
        if offset and (reason := _cannot_continue(head, part, remote)):
            part.start_over()
            yield StartingOver(reason)
            if head.status != 200:
                raise ConnectionLostError(reason)
        _check_whole(head, part, remote)
        rate = TransferRate(part.size, remote.size)
        for block in connection.blocks():
            if part.size + len(block) > remote.size:
                raise SourceFailedError(f"sends more than the {remote.size:,} bytes the Hub says it has")
            part.append(block)
            if progress := rate.due(part.size):
                yield progress
    if part.size < remote.size:
        raise ConnectionLostError("the connection ended early")


def _cannot_continue(head: Head, part: PartialFile, remote: RemoteFile) -> str:
    if head.status == 200:
        return "the server sends the whole file instead of the rest"
    if head.status == 416:
        return "the server does not have that rest"
    match = _CONTENT_RANGE.fullmatch(head.content_range)
    if head.status != 206 or match is None:
        return "the server does not say which bytes it sends"
    first, last, total = match.groups()
    if int(first) != part.size or int(last) >= remote.size or total not in ("*", str(remote.size)):
        return "the server sends other bytes than those asked for"
    if head.etag != part.origin.served_etag:
        return "the file at the server is another one by now"
    return ""


def _check_whole(head: Head, part: PartialFile, remote: RemoteFile) -> None:
    """An answer that begins with the first byte."""
    if part.size:
        return
    if head.status != 200:
        raise ConnectionLostError(f"the server answers {head.status} to a plain request")
    if head.length not in (None, remote.size):
        raise SourceFailedError(f"the server sends {head.length:,} bytes, the Hub says {remote.size:,}")
    if head.etag != part.origin.served_etag:
        part.note_served_etag(head.etag)
