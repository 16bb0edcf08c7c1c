"""The end of a worker: its cause, and a line about it."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING, NamedTuple

from tui.engines.llama.worker_log import last_words

if TYPE_CHECKING:
    from pathlib import Path

_FAULTS = {"SIGSEGV", "SIGILL", "SIGBUS"}
_ABORTS = {"SIGABRT", "SIGFPE", "SIGTRAP", "SIGSYS", "SIGIOT"}
_WINDOWS_FAULTS = {0xC0000005, 0xC0000006, 0xC000001D, 0xC0000096, 0xC00000FD, 0x80000002}
"""Access violation, in-page error, illegal and privileged instruction, stack overflow, misalignment."""
_UNREADABLE = {"SIGBUS"}
_WINDOWS_UNREADABLE = {0xC0000006}
_WINDOWS_ABORTS = {0xC0000374, 0xC0000409, 0xC0000094}
"""A corrupt heap, a failed check of the runtime, a division by zero."""
_WINDOWS_ABORT = 3
_KILLS = {"SIGKILL", "SIGTERM"}
"""Signals that end a process which takes too much memory: from the kernel, or daemons before it."""
_ENDED = {"SIGTERM", "SIGINT", "SIGHUP"}
_ITS_LOG = "; its log is "
_AGAIN = "run it again to start a fresh one"
_CRASH = re.compile(rf"the engine for .+? crashed \(([^)]*)\).*{_ITS_LOG}", re.DOTALL)
_END = re.compile(rf"the engine for .+? was (killed|ended) \((\w+)\).*{_AGAIN}", re.DOTALL)


class Ending(NamedTuple):
    name: str
    """The weights' name, safe to show."""
    code: int
    """The system's exit code; a negative one is a signal, except on Windows."""
    log: Path

    @property
    def faulted(self) -> bool:
        """True if it did what the processor or the system does not allow."""
        return self._signal in _FAULTS or self._code in _WINDOWS_FAULTS

    @property
    def unreadable(self) -> bool:
        """True if it faulted as for a mapped file that was cut, or whose disk fails."""
        return self._signal in _UNREADABLE or self._code in _WINDOWS_UNREADABLE

    @property
    def crashed(self) -> bool:
        """True if it faulted, or gave up by itself as a failed assertion does."""
        aborted = self._code in _WINDOWS_ABORTS or (sys.platform == "win32" and self.code == _WINDOWS_ABORT)
        return self.faulted or self._signal in _ABORTS or aborted

    @property
    def killed(self) -> bool:
        """True if something from outside ended it, as for want of memory."""
        return self._signal in _KILLS

    @property
    def line(self) -> str:
        return f"the engine for {self.name} {self._how()}"

    def _how(self) -> str:
        if self._signal == "SIGKILL":
            return f"was killed (SIGKILL), perhaps for want of memory; {_AGAIN}"
        if self._signal in _ENDED:
            return f"was ended ({self._signal}); {_AGAIN}"
        words = last_words(self.log)
        said = f": {words}" if words else ""
        return f"crashed ({self.how}){said}{_ITS_LOG}{self.log}; `llm-grader doctor` says what works here"

    @property
    def _code(self) -> int:
        """Windows counts them without a sign; a signal's is none of its codes."""
        return self.code & 0xFFFFFFFF if self.code < -0xFFFF else self.code

    @property
    def _signal(self) -> str:
        if self.code >= 0 or self.code < -0xFFFF:
            return ""
        try:
            return signal.Signals(-self.code).name
        except ValueError:
            return f"signal {-self.code}"

    @property
    def how(self) -> str:
        if self._signal:
            return self._signal
        return f"exit code {self._code:#x}" if self._code > 0xFFFF else f"exit code {self._code}"


def in_short(line: str) -> str:
    """The line of a worker's end as one of several panes says it; any other as it is."""
    if found := _CRASH.match(line):
        return f"crashed ({found[1]}): see `llm-grader doctor`"
    if found := _END.match(line):
        return f"{found[1]} ({found[2]}): run it again"
    return line
