"""The command line. Commands are imported when they run, so that --help and --version are quick."""

from __future__ import annotations

import sys

from tui.cli.main import main as _main
from tui.processes.signals import end_within, exit_code, listen

__all__ = ["main"]
_ENDING_SECONDS = 3.0
"""The time for Python's own end: it waits for threads, which may wait for a terminal that is gone."""


def main() -> None:
    """Exit codes: 0, 1 failure, 2 usage; 130, 143 or 129 when a signal ended it."""
    listen()
    try:
        _main()
    except SystemExit as end:
        end_within(_ENDING_SECONDS, end.code if isinstance(end.code, int) else int(bool(end.code)))
        sys.exit(exit_code() or end.code)
    except BaseException:
        if code := exit_code():  # what a signal raises may be another exception when it comes up here
            sys.exit(code)
        raise
