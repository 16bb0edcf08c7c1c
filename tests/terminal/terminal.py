"""A program in a pseudo-terminal: its raw bytes, the screen they make, keys, signals, sizes."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from typing import TYPE_CHECKING, Self

import pexpect
import psutil
import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PATIENCE = 60.0
"""Seconds until a condition that never comes true fails the test; how long it takes is measured nowhere."""

# The only sequence of Textual's that pyte takes for text: it ends the Kitty keyboard protocol.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[<\d*u")

# A terminal that can shows a frame when it is whole, and says so when asked:
# https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036
_FRAME_BEGINS, _FRAME_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"
_CAN_IT, _IT_CAN = b"\x1b[?2026$p", b"\x1b[?2026;2$y"


class Terminal:
    def __init__(
        self,
        command: Sequence[object],
        *,
        size: tuple[int, int] = (120, 36),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        columns, rows = size
        self.raw = bytearray()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._unshown = b""
        self.frames: list[str] | None = None
        """What the screen has shown from frame to frame, once a test begins with a list."""
        program, *arguments = map(str, command)
        self._child = pexpect.spawn(
            program, arguments, dimensions=(rows, columns), env=_environment(environment or {}), timeout=None
        )
        self._child.delaybeforesend = None
        self._child.ptyproc.delayafterclose = 0.0
        self.process = psutil.Process(self._child.pid)
        self.over = False
        """Whether the other end is closed: the program ended, and with it everyone who held the terminal."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in self.process.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        with contextlib.suppress(pexpect.ExceptionPexpect):  # psutil may have taken its exit code already
            self._child.close(force=True)

    @property
    def text(self) -> str:
        """What the screen shows."""
        # Not screen.display, which stumbles over half of a wide character.
        columns, buffer = range(self.screen.columns), self.screen.buffer
        return "\n".join(
            "".join(buffer[row][column].data for column in columns) for row in range(self.screen.lines)
        )

    def read(self, seconds: float = 0.05) -> bool:
        """Take what was written, waiting at most so long for the first of it; false if there was none."""
        if self.over:
            return False
        try:
            written = self._child.read_nonblocking(1 << 16, timeout=seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            self.over = True
            self._show(self._unshown)
            return False
        self.raw += written
        if _CAN_IT in written:
            self.send(_IT_CAN)
        self._show_whole_frames(written)
        return True

    def _show_whole_frames(self, written: bytes) -> None:
        shown, begun, rest = (self._unshown + written).rpartition(_FRAME_BEGINS)
        whole = _FRAME_ENDS in rest or not begun
        self._unshown = b"" if whole else begun + rest
        self._show(shown + begun + rest if whole else shown)

    def _show(self, written: bytes) -> None:
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", written))
        if self.frames is not None:
            self.frames.append(self.text)

    def until(self, condition: Callable[[], object], *, patience: float = PATIENCE) -> None:
        """Read until it holds."""
        deadline = time.monotonic() + patience
        while not condition():
            if not self.read() and self.over and not condition():
                raise AssertionError(f"the program ended before it came so far; on the screen:\n{self.text}")
            if time.monotonic() > deadline:
                raise AssertionError(f"it did not come so far in {patience} s; on the screen:\n{self.text}")

    def read_for(self, seconds: float) -> None:
        """For a moment drawn by lot; what has to be there first is waited for with `until`."""
        deadline = time.monotonic() + seconds
        while not self.over and time.monotonic() < deadline:
            self.read(min(0.05, max(0.0, deadline - time.monotonic())))

    def shows(self, *texts: str, patience: float = PATIENCE) -> None:
        self.until(lambda: all(text in self.text for text in texts), patience=patience)

    def shows_no_more(self, text: str) -> None:
        self.until(lambda: text not in self.text)

    def press(self, keys: str) -> None:
        self._child.send(keys.encode())

    def send(self, written: bytes) -> None:
        """Bytes that need be no text."""
        self._child.send(written)

    def paste(self, text: str) -> None:
        """As a terminal does that was told of bracketed paste."""
        self._child.send(b"\x1b[200~" + text.encode("utf-8", "surrogatepass") + b"\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def send_signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close our end, as a terminal does whose window is closed."""
        self._child.ptyproc.fileobj.close()
        self.over = True

    def ends(self, *, patience: float = PATIENCE, unread: bool = False) -> int:
        """Wait for the end of the program; its exit code, or minus the number of the signal that ended it.
        `unread`: nobody takes what it writes until then."""
        deadline = time.monotonic() + patience
        while self._child.isalive():
            if unread:
                time.sleep(0.02)
            else:
                self.read()
            if time.monotonic() > deadline:
                raise AssertionError(f"it did not end in {patience} s; on the screen:\n{self.text}")
        while self.read():
            pass
        return self._child.exitstatus if self._child.signalstatus is None else -self._child.signalstatus

    def quits(self) -> int:
        """Press q. The exit code."""
        self.press("q")
        return self.ends()

    def kill(self) -> None:
        """kill -9."""
        self._child.kill(signal.SIGKILL)
        self._child.wait()


def _environment(additions: Mapping[str, str]) -> dict[str, str]:
    environment = {**os.environ, "TERM": "xterm-256color", **additions}
    for variable in ("COLUMNS", "LINES", "NO_COLOR", "COLORTERM", "TEXTUAL", "TEXTUAL_ANIMATIONS"):
        if variable not in additions:
            environment.pop(variable, None)
    return environment
