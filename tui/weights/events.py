"""Events of a fetch, in the order in which they happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tui.catalogue.model import Source


@dataclass(frozen=True, slots=True)
class Started:
    """Bytes begin to come: `done` of `size` are here from before, `free` are free on the disk of `target`."""

    source: Source
    target: Path
    size: int
    done: int
    free: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`rate` is bytes per second over the last seconds; `seconds_left` is None while that is not known."""

    done: int
    size: int
    rate: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Verifying:
    """A file on disk is read for its sha256, `done` of `size` bytes so far."""

    path: Path
    done: int
    size: int


@dataclass(frozen=True, slots=True)
class Converting:
    """The fetched files are made into one that can run: `step` of `steps`, from 1, `what` in a few words.
    `fraction` of the step is done; None where that is not known."""

    what: str
    step: int
    steps: int
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the person should know of what came out."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The fetch waits for another process, or for `seconds` before the next try."""

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class StartingOver:
    """The part that was here cannot be continued and is fetched again."""

    reason: str


@dataclass(frozen=True, slots=True)
class SourceFailed:
    """This source gives nothing; the next one is tried."""

    source: Source
    reason: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The file is here. It is `verified` when its sha256 is known to be the published one, or the one noted
    when it was made here."""

    path: Path
    size: int
    sha256: str | None
    verified: bool
    fetched: bool
    """False when it was here already."""
    converted: bool = False
    """Made here, just now."""


@dataclass(frozen=True, slots=True)
class Paused:
    """Nothing is fetched until `Download.resume`; the connection and the lock are given back."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The last event of a download that was cancelled; what was fetched stays and can be continued."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The last event of a download that cannot go on. Raised as WeightsError where no event loop is."""

    reason: str


FetchEvent = (
    Started | Progress | Verifying | Converting | Remark | Waiting | StartingOver | SourceFailed | Finished
)
DownloadEvent = FetchEvent | Paused | Cancelled | Failed
