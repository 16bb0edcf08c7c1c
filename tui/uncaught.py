"""Failures that nobody can catch: in a thread, in a task, while an object is thrown away.

Python prints a traceback of each, over the app too. Here they go to the log of errors.
"""

from __future__ import annotations

import logging
import sys
import threading

from tui.explain import note


def note_what_nobody_catches() -> None:
    threading.excepthook = lambda failed: _note(failed.exc_value)
    sys.unraisablehook = lambda failed: _note(failed.exc_value)
    # Where an event loop tells of a failed task, and any library of what it finds worth a word.
    logging.lastResort = _ToTheLog(logging.WARNING)


class _ToTheLog(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            _note(record.exc_info[1])


def _note(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, SystemExit):
        note(error)
