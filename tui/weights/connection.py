"""One answer of a server, read by a thread of its own.

The thread reads on while the caller hashes and writes, and can be left behind: a server that has stopped
sending in the middle of its headers holds up neither a pause nor Ctrl-C.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import httpx2
from huggingface_hub import get_session

from tui.weights.failures import ConnectionLostError
from tui.weights.hub import explained, refuse, request_headers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from tui.weights.control import Control
    from tui.weights.hub import RemoteFile
    from tui.weights.patience import Patience

_READS_AHEAD = 16
"""Of 64 KiB at most, as the client reads from its socket. What is read ahead is lost in a kill."""
_LOOK_UP = 0.1
"""Seconds between two looks at whether to stop."""
_TOO_SLOW = "the server has as good as stopped sending"


@dataclass(frozen=True, slots=True)
class Head:
    status: int
    etag: str
    content_range: str
    length: int | None


class Connection:
    """Asks for a file from byte `offset` on. `if_range` is the etag that the rest must belong to."""

    def __init__(
        self, remote: RemoteFile, offset: int, if_range: str, patience: Patience, control: Control
    ) -> None:
        self._remote = remote
        self._headers = request_headers() | _range(offset, if_range)
        self._patience = patience
        self._control = control
        self._incoming: queue.Queue[Head | bytes | Exception | None] = queue.Queue(_READS_AHEAD)
        self._left = threading.Event()

    def __enter__(self) -> Connection:
        threading.Thread(target=self._read, name="download", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        while not self._incoming.empty():  # the reader may be waiting for room
            self._incoming.get()

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
            self._control.check()
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
            with get_session().stream(
                "GET",
                self._remote.url,
                headers=self._headers,
                follow_redirects=True,
                # Longer than the caller waits: only a reader that was left behind comes to that.
                timeout=httpx2.Timeout(2 * self._patience.silence, connect=self._patience.silence / 2),
            ) as response:
                if response.status_code != httpx2.codes.RANGE_NOT_SATISFIABLE:
                    refuse(response, self._remote.source)
                self._incoming.put(_head(response))
                for data in response.iter_raw():
                    if self._left.is_set():
                        return
                    self._incoming.put(data)
            self._incoming.put(None)
        except Exception as error:
            self._incoming.put(explained(error, self._remote.source))


def _range(offset: int, if_range: str) -> dict[str, str]:
    if not offset:
        return {}
    # A weak etag does not promise the same bytes, and must not stand in If-Range (RFC 9110, 13.1.5).
    strong = if_range.startswith('"')
    return {"Range": f"bytes={offset}-"} | ({"If-Range": if_range} if strong else {})


def _head(response: httpx2.Response) -> Head:
    length = response.headers.get("content-length", "")
    return Head(
        response.status_code,
        response.headers.get("etag", ""),
        response.headers.get("content-range", ""),
        int(length) if length.isdigit() else None,
    )
