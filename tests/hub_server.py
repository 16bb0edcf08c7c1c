"""A server that plays the Hub for the real huggingface_hub, and misbehaves on demand.

Files lie at /{repo}/resolve/{revision}/{file}, /api/models/{repo} lists them. What happens to the n-th
request for bytes is a `Turn`; when they are used up the server does what the Hub does.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

COMMIT = "0123456789abcdef0123456789abcdef01234567"
_PATH = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<file>.+)")
_ABOUT = re.compile(r"/api/models/(?P<repo>[^/]+/[^/?]+)")
_BLOCK = 65_536


@dataclass
class Turn:
    """What one GET is answered with, instead of what is right."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    stop_after: int | None = None
    """Bytes of the body after which the server does what `then` says."""
    then: str = "close"
    """close, reset, or hold: send nothing more until the server is released."""
    drip: float | None = None
    """Seconds between single bytes."""
    slow: bool = False
    """Slower than a program can write, as most networks are."""
    ignore_range: bool = False
    before_headers: Callable[[], object] | None = None
    before_body: Callable[[], object] | None = None


@dataclass
class HubFile:
    content: bytes
    etag: str = ""
    sha256: str | None = None
    """What the Hub says; None says the truth."""
    size: int | None = None
    error: tuple[int, str] | None = None
    redirect: str = ""
    """To another repository of this server, as after a renaming."""
    storage: str = ""
    """Base URL of another host that has the bytes."""

    def linked_etag(self) -> str:
        return f'"{self.etag or self.sha256 or hashlib.sha256(self.content).hexdigest()}"'


@dataclass
class Request:
    method: str
    path: str
    range: str
    authorization: str
    sent: int = 0


class HubServer:
    """Starts on a free port of the loopback interface."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], HubFile] = {}
        self.turns: list[Turn] = []
        self.head_turns: list[Turn] = []
        self.requests: list[Request] = []
        self.released = threading.Event()
        self.changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def gets(self) -> list[Request]:
        return [
            request for request in self.requests if request.method == "GET" and "/resolve/" in request.path
        ]

    def add(self, repo: str, file: str, content: bytes, **changes: object) -> HubFile:
        self.files[repo, file] = HubFile(content, **changes)  # type: ignore[arg-type]
        return self.files[repo, file]

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def note_sent(self, request: Request, count: int) -> None:
        with self.changed:
            request.sent += count
            self.changed.notify_all()

    def wait_until_sent(self, number: int, count: int, timeout: float = 30) -> None:
        """Until request `number` for bytes has been given `count` of them."""
        with self.changed:
            done = lambda: len(self.gets) > number and self.gets[number].sent >= count  # noqa: E731
            assert self.changed.wait_for(done, timeout)


def _handler(hub: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self._answer(hub.head_turns.pop(0) if hub.head_turns else Turn())

        def do_GET(self) -> None:
            is_file = "/resolve/" in self.path
            self._answer(hub.turns.pop(0) if hub.turns and is_file else Turn())

        def _answer(self, turn: Turn) -> None:
            headers = self.headers
            request = Request(
                self.command, self.path, headers.get("Range", ""), headers.get("Authorization", "")
            )
            with hub.changed:
                hub.requests.append(request)
                hub.changed.notify_all()
            with suppress(ConnectionError):
                if turn.before_headers:
                    turn.before_headers()
                self._answer_file(turn, request)

        def _answer_repository(self, repo: str) -> None:
            siblings = [_sibling(name, file) for (of, name), file in hub.files.items() if of == repo]
            if not siblings:
                self._short(401, {"X-Error-Code": "RepoNotFound"})
                return
            body = json.dumps({"id": repo, "sha": COMMIT, "siblings": siblings}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer_file(self, turn: Turn, request: Request) -> None:
            if asked := _ABOUT.match(unquote(self.path)):
                self._answer_repository(asked["repo"])
                return
            match = _PATH.fullmatch(unquote(self.path))
            file = hub.files.get((match["repo"], match["file"])) if match else None
            if turn.status is not None and turn.status != 200:
                self._short(turn.status, turn.headers)
            elif file is None:
                known = match and any(repo == match["repo"] for repo, _ in hub.files)
                self._short(
                    404 if known else 401, {"X-Error-Code": "EntryNotFound" if known else "RepoNotFound"}
                )
            elif file.error:
                self._short(file.error[0], {"X-Error-Code": file.error[1]})
            elif file.redirect:
                self._short(
                    307, {"Location": f"/{file.redirect}/resolve/{match['revision']}/{match['file']}"}
                )
            elif file.storage:
                self._short(302, _linked(file) | {"Location": f"{file.storage}{self.path}"})
            else:
                self._whole(file, turn, request)

        def _short(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in ({"Content-Length": "0"} | headers).items():
                self.send_header(name, value)
            self.end_headers()

        def _whole(self, file: HubFile, turn: Turn, request: Request) -> None:
            content = file.content if turn.body is None else turn.body
            size = file.size or len(content)
            start = 0
            wanted = re.fullmatch(r"bytes=(\d+)-", request.range)
            same = self.headers.get("If-Range") in (None, file.linked_etag())
            if wanted and same and not turn.ignore_range:
                start = int(wanted[1])
            if wanted and start >= len(content):
                self._short(416, {"Content-Range": f"bytes */{len(content)}"})
                return
            told = _linked(file) | {"ETag": file.linked_etag(), "Content-Length": str(size - start)}
            if start:
                told["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            self.send_response(206 if start else 200)
            for name, value in (told | turn.headers).items():
                self.send_header(name, value)
            self.end_headers()
            if turn.before_body:
                turn.before_body()
            if self.command == "GET":
                self._body(content[start:], turn, request)
                self.close_connection = True

        def _body(self, content: bytes, turn: Turn, request: Request) -> None:
            end = len(content) if turn.stop_after is None else turn.stop_after
            step = 1 if turn.drip else _BLOCK
            for place in range(0, end, step):
                data = content[place : min(place + step, end)]
                self.wfile.write(data)
                hub.note_sent(request, len(data))
                if turn.drip and hub.released.wait(turn.drip):
                    return
                if turn.slow:
                    hub.released.wait(0.001)
            if turn.stop_after is not None and turn.then == "hold":
                hub.released.wait(60)
            if turn.stop_after is not None and turn.then == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

    return Handler


def _sibling(name: str, file: HubFile) -> dict[str, object]:
    """Large files are known by their sha256."""
    size = len(file.content)
    large = {"sha256": hashlib.sha256(file.content).hexdigest(), "size": size, "pointerSize": 134}
    told = {"rfilename": name, "size": size, "blobId": "0" * 40}
    return told if name.endswith((".json", ".txt")) else told | {"lfs": large}


def _linked(file: HubFile) -> dict[str, str]:
    return {
        "X-Repo-Commit": COMMIT,
        "X-Linked-Etag": file.linked_etag(),
        "X-Linked-Size": str(file.size or len(file.content)),
    }
