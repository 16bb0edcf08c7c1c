"""The start of the program. It listens for signals first, as the rest takes a while to import."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # of `signal` the part that is there without importing anything


def main() -> None:
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # until `listen` a Ctrl-C would be a traceback
    from tui.processes.signals import listen

    listen()
    from tui.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
