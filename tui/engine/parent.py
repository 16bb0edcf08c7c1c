"""A child process that does one thing ends with whoever asked for it: `python -m tui.engine.parent MODULE …`
runs a module so, with what it starts."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading

_STDIN = 0


def end_with_parent() -> None:
    """Ends this process at once when its standard input is closed, as it is by a parent that dies."""
    threading.Thread(target=_wait, name="parent", daemon=True).start()


def _wait() -> None:
    try:
        while os.read(_STDIN, 1024):
            pass
    except OSError:  # a parent that dies may leave a broken pipe instead of a closed one
        pass
    if sys.platform != "win32" and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def main() -> None:
    # Ctrl+C in the terminal reaches the whole foreground group: ending is the parent's to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
