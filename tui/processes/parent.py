"""A child process that does one thing ends with whoever asked for it: `python -m tui.processes.parent`
`MODULE …` runs a module so, with what it starts."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

from tui.processes.with_parent import PARENT, end_with_parent

_STDIN, _STDOUT, _STDERR = 0, 1, 2


def watch_parent() -> None:
    """Ends this process at once when its standard input is closed, as it is by a parent that dies; with the
    processes it started where it leads a group of its own."""
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.environ.pop(PARENT, None)  # it is not the parent of what is started here
        _start_guard()
    else:
        end_with_parent()
        threading.Thread(target=_end_when_closed, name="parent", daemon=True).start()


def _start_guard() -> None:
    """A process that ends the group. A thread would not do, which waits for long calls of C like any other,
    nor would the kernel, which would end the one process and leave those it started."""
    if os.fork():
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for descriptor in (_STDOUT, _STDERR):  # whoever reads those is to see the end of the others' output
            os.dup2(nowhere, descriptor)
        _wait_until_closed()
        os.killpg(0, signal.SIGKILL)
    finally:
        os._exit(1)


def _end_when_closed() -> None:
    _wait_until_closed()
    os._exit(1)


def _wait_until_closed() -> None:
    try:
        while os.read(_STDIN, 1024):
            pass
    except OSError:  # a parent that dies may leave a broken pipe instead of a closed one
        pass


def main() -> None:
    # What the terminal sends reaches the whole foreground group: ending is the parent's to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watch_parent()
    module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
