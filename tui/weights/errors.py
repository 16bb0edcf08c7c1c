"""Errors of fetching, each one line, and whether trying again can help."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.errors import WeightsError
from tui.explain import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SourceFailedError(WeightsError):
    """This source cannot give the file; another may."""


class NoSourceError(WeightsError):
    """No source of the model gives its file, or it has no source."""


class ConnectionLostError(WeightsError):
    """Trying again may help, after `retry_after` seconds where the server said so."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class UnreachableError(ConnectionLostError):
    """The Hub cannot be asked, about this repository or any other."""


class StoppedError(Exception):
    """The person paused or cancelled."""


_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


@contextmanager
def disk_failures(path: Path) -> Iterator[None]:
    """Turns an OSError into a WeightsError. Only around work on files: the Hub's errors are OSErrors too."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise WeightsError(f"{path}: {reason_of(error)}") from error
        raise WeightsError(f"{path}: cannot be written: {reason_of(error)}") from error
