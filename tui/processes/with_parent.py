"""A child process ends with its parent, however that ends and whatever the child does: the system sees to it.

Watching a pipe is not enough: inside one long call of C no thread of Python's may run.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping

PARENT = "LLM_GRADER_PARENT_PROCESS"
"""The variable in a child's environment that names the process to end with."""
_PR_SET_PDEATHSIG = 1
_CPU_SECONDS = 60.0
_ARMING_SECONDS = 1.0


def parent_named() -> dict[str, str]:
    """The environment variable by which a child knows its parent."""
    return {PARENT: str(os.getpid())}


def end_with_parent(environment: MutableMapping[str, str] = os.environ) -> None:
    """Call this first in a child."""
    parent = int(environment.pop(PARENT, 0)) or os.getppid()
    if sys.platform == "linux":
        _ask_the_kernel()
    elif sys.platform != "win32":  # there the parent has a job for its children: see `job.py`
        limit_unwatched_work()
    if sys.platform != "win32" and os.getppid() != parent:
        os._exit(1)  # it died before the system could know of this


def ignore_the_terminal() -> None:
    """Ignore the signals that a terminal sends to the whole foreground group: the parent, who keeps what was
    written, decides when to end."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def _ask_the_kernel() -> None:
    # It goes by the thread that started this process; ours start children from threads that outlive them.
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def limit_unwatched_work(seconds: float = _CPU_SECONDS) -> None:
    """End this process after so many seconds of work in which no other thread of Python's could run, such as
    one that watches the parent. Time that the machine sleeps, or this process is stopped, does not count."""

    def arm() -> None:
        while True:
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            time.sleep(_ARMING_SECONDS)

    threading.Thread(target=arm, name="work limit", daemon=True).start()
