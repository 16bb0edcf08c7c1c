"""One answer of a server, read by a thread of its own.

The thread reads on while the caller hashes and writes, and can be left behind: a server that has stopped
sending in the middle of its headers holds up neither a pause nor Ctrl-C.
"""

from __future__ import annotations

import queue
import re
import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import httpx2

from tui.weights.errors import ConnectionLostError
from tui.weights.hub.client import answer, new_client, request_headers
from tui.weights.hub.metadata import whole_number
from tui.weights.hub.refusals import explained, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from tui.catalogue.model import Source
    from tui.weights.control import Control
    from tui.weights.hub.metadata import RemoteFile

_READS_AHEAD = 16
"""The most pieces read ahead, of 64 KiB at most, as the client reads from its socket. A kill loses them."""
_LOOK_UP = 0.1
"""Seconds between two looks at whether to stop."""
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]{0,256}"')
_TOO_SLOW = "the server has as good as stopped sending"


@dataclass(frozen=True, slots=True)
class Head:
    status: int
    etag: str
    content_range: str
    length: int | None


class Connection:
    """Asks for a file from byte `offset` on. `if_range` is the etag that the rest must belong to."""

    def __init__(self, remote: RemoteFile, offset: int, if_range: str, control: Control) -> None:
        self._remote = remote
        self._headers = request_headers() | _range(offset, if_range)
        self._patience = control.patience
        self._control = control
        self._incoming: queue.Queue[Head | bytes | Exception | None] = queue.Queue(_READS_AHEAD)
        self._left = threading.Event()
        self._client = new_client(control.patience)

    def __enter__(self) -> Connection:
        threading.Thread(target=self._read, name="download", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        while not self._incoming.empty():  # the reader may be waiting for room
            self._incoming.get()
        self._client.close()  # what the reader waits for ends

    def head(self) -> Head:
        """Raises SourceFailedError or ConnectionLostError, as `blocks` does."""
        head = self._next(monotonic() + self._patience.silence)
        assert isinstance(head, Head)
        return head

    def blocks(self) -> Iterator[bytes]:
        """All that has come since the last one: small while the caller waits, larger while it is busy."""
        deadline, came = monotonic() + self._patience.silence, 0
        while data := self._next(deadline):
            assert isinstance(data, bytes)
            block = data + b"".join(self._come_already())
            came += len(block)
            yield block
            if came >= self._patience.trickle:
                deadline, came = monotonic() + self._patience.silence, 0
            elif monotonic() > deadline:
                raise ConnectionLostError(_TOO_SLOW)

    def _come_already(self) -> Iterator[bytes]:
        # This is the only thread that takes things out, so the first one stays the first.
        while self._incoming.queue and isinstance(self._incoming.queue[0], bytes):
            yield self._incoming.get_nowait()  # type: ignore[misc]

    def _next(self, deadline: float) -> Head | bytes | None:
        while True:
            self._control.raise_if_stopped()
            try:
                item = self._incoming.get(timeout=_LOOK_UP)
            except queue.Empty:
                if monotonic() < deadline:
                    continue
                raise ConnectionLostError(_TOO_SLOW) from None
            if isinstance(item, Exception):
                raise item
            return item

    def _read(self) -> None:
        try:
            url, source = self._remote.url, self._remote.source
            with answer(self._client, "GET", url, self._headers, on_hub=False) as response:
                _refuse(response, source)
                self._incoming.put(_head(response))
                for data in response.iter_raw() if response.is_success else ():
                    if self._left.is_set():
                        return
                    self._incoming.put(data)
            self._incoming.put(None)
        except Exception as error:
            self._incoming.put(explained(error, self._remote.source))


def _refuse(response: httpx2.Response, source: Source) -> None:
    """One that has not the rest that was asked for is no error; its body is not read, as that of no other."""
    if response.status_code != httpx2.codes.RANGE_NOT_SATISFIABLE:
        refuse(response, source)


def _range(offset: int, if_range: str) -> dict[str, str]:
    if not offset:
        return {}
    # A weak etag does not promise the same bytes, and must not stand in If-Range (RFC 9110, 13.1.5).
    strong = _STRONG_ETAG.fullmatch(if_range)
    return {"Range": f"bytes={offset}-"} | ({"If-Range": if_range} if strong else {})


def _head(response: httpx2.Response) -> Head:
    return Head(
        response.status_code,
        response.headers.get("etag", ""),
        response.headers.get("content-range", ""),
        whole_number(response.headers.get("content-length")),
    )
