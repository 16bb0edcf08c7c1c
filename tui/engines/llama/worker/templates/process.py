"""A process that renders chat templates, as its parent sees it: asked, listened to, ended, started again."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from subprocess import DEVNULL, PIPE
from typing import TYPE_CHECKING

import msgspec
import psutil

from tui.chat.conversation import TemplateRefusedError, TemplateStoppedError
from tui.engines.llama.worker.templates.messages import MEMORY, NO_MEMORY, Render, Rendered
from tui.errors import EngineError
from tui.explain import reason_of
from tui.processes.child import module_command, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from subprocess import Popen

    from tui.chat.conversation import Conversation

_MODULE = "tui.engines.llama.worker.templates.child"
SECONDS = 5.0
"""The time for all renderings of one prompt."""
_LOOKING_SECONDS = 0.02

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Rendered).decode


class TemplateProcess:
    """Kept for the next prompt, and started again where a template has ended it. It ends with its parent,
    whose pipes close then."""

    def __init__(self, *, is_watched: bool = sys.platform != "linux") -> None:
        """`is_watched`: where the system does not keep it to its memory. Raises EngineError."""
        self.is_watched = is_watched
        self._process = self._start()
        self._is_ready = False

    def for_a_prompt(self, seconds: float = SECONDS) -> Callable[[Conversation], str]:
        """Renders, within so much time altogether. What it gives raises TemplateRefusedError,
        TemplateStoppedError where a limit is reached, or EngineError."""
        left = seconds

        def render(conversation: Conversation) -> str:
            nonlocal left
            self._make_ready()
            begin = time.monotonic()
            reply = self._ask(Render(conversation=conversation, seconds=max(left, 0.001)))
            left -= time.monotonic() - begin
            if reply is None and left <= 0:
                raise TemplateStoppedError(f"the chat template takes more than {seconds:g} seconds")
            return _text(reply)

        return render

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._is_ready = False

    def _start(self) -> Popen[bytes]:
        command = module_command(_MODULE, *(["watched"] if self.is_watched else []))
        try:
            return start(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        except OSError as error:
            reason = reason_of(error)
            raise EngineError(f"the process for chat templates cannot be started: {reason}") from error

    def _make_ready(self) -> None:
        if self._process.poll() is not None:
            self.close()
            self._process = self._start()
        if not self._is_ready:
            assert self._process.stdout is not None
            self._is_ready = self._process.stdout.readline() == b"\n"

    def _ask(self, request: Render) -> Rendered | None:
        """The answer of the process; None if it is gone."""
        assert self._process.stdin is not None
        reply = None
        with self._memory_watched() as has_too_much:
            try:
                self._process.stdin.write(_encode(request) + b"\n")
                self._process.stdin.flush()
                reply = self._line()
            except OSError:
                pass
        if reply is None or reply.error == NO_MEMORY:
            self.close()
        return Rendered(error=NO_MEMORY) if has_too_much.is_set() else reply

    def _line(self) -> Rendered | None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return _decode(line) if line.endswith(b"\n") else None

    @contextlib.contextmanager
    def _memory_watched(self) -> Iterator[threading.Event]:
        """Sets what it gives when it has ended the process for what that takes."""
        too_much, done = threading.Event(), threading.Event()
        watching = threading.Thread(target=_watch, args=(self._process, too_much, done), daemon=True)
        if self.is_watched:
            watching.start()
        try:
            yield too_much
        finally:
            done.set()
            if self.is_watched:
                watching.join()


def _watch(process: Popen[bytes], too_much: threading.Event, done: threading.Event) -> None:
    with contextlib.suppress(psutil.Error):
        its = psutil.Process(process.pid)
        most = its.memory_info().rss + MEMORY
        while not done.wait(_LOOKING_SECONDS):
            if its.memory_info().rss > most:
                too_much.set()
                process.kill()
                return


def _text(reply: Rendered | None) -> str:
    if reply is None:
        raise TemplateStoppedError("the chat template ends the process that renders it")
    if reply.error == NO_MEMORY:
        raise TemplateStoppedError(reply.error)
    if reply.error:
        raise TemplateRefusedError(reply.error) if reply.refused else EngineError(reply.error)
    return reply.text
