"""A server that sends bytes as they are, for answers that no library would send."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = bytes | Callable[["RawServer", socket.socket], None]


class RawServer:
    """`answers` by kind of request: HEAD and GET of a file, API for the list of a repository."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[bytes] = []
        self.sent = 0
        self.released = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.released.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def send(self, connection: socket.socket, data: bytes) -> None:
        connection.sendall(data)
        self.sent += len(data)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            # So that little is under way that nobody takes.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
            asked = b""
            while b"\r\n\r\n" not in asked:
                data = connection.recv(65536)
                if not data:
                    return
                asked += data
            self.requests.append(asked)
            method = asked.partition(b" ")[0].decode("latin-1")
            answer = self.answers["API" if b"/api/" in asked.partition(b"\r\n")[0] else method]
            if callable(answer):
                answer(self, connection)
            else:
                self.send(connection, answer)
            # Else what was not read yet may be thrown away with the connection.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
            connection.recv(1)


def head(status: str = "200 OK", **headers: str | None) -> bytes:
    """Headers in bytes; `_` stands for `-`. One that is None is left out."""
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1", "surrogateescape")


def endless(before: bytes, piece: bytes = b"x" * 65536) -> Answer:
    """`before`, and then `piece` until nobody takes it any more."""

    def answer(server: RawServer, connection: socket.socket) -> None:
        server.send(connection, before)
        while not server.released.is_set():
            server.send(connection, piece)

    return answer


def trickling(before: bytes, piece: bytes = b"x", pause: float = 0.05) -> Answer:
    def answer(server: RawServer, connection: socket.socket) -> None:
        server.send(connection, before)
        while not server.released.wait(pause):
            server.send(connection, piece)

    return answer
