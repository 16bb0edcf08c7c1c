"""A job: work on a model's file, and its progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.weights import events
from tui.weights.event_text import event_words
from tui.weights.files.layout import part_size

if TYPE_CHECKING:
    from tui.catalogue.model import Model, Source
    from tui.weights.events import DownloadEvent
    from tui.weights.fetching.download import Download

Phase = Literal["queued", "running", "paused", "finished", "failed", "cancelled"]


@dataclass(eq=False)
class Job:
    """A download, or the reading again of a file that is here (`verifies`)."""

    download: Download
    verifies: bool = False
    phase: Phase = "queued"
    event: DownloadEvent | None = None
    """The latest; after a Failed that one."""
    source: Source | None = None
    done: int = 0
    size: int = 0
    remark: str = ""
    """Something out of the ordinary about the fetch: a source that failed, a fresh start."""
    warning: str = ""
    """About what came out."""

    @property
    def model(self) -> Model:
        return self.download.model

    @property
    def active(self) -> bool:
        return self.phase in ("queued", "running", "paused")

    @property
    def failure(self) -> str:
        return self.event.reason if isinstance(self.event, events.Failed) else ""

    @property
    def fraction(self) -> float | None:
        """The part of the present step that is done; None while it is not known."""
        if isinstance(self.event, events.Converting):
            return self.event.fraction
        return min(self.done / self.size, 1.0) if self.size else None

    def take(self, event: DownloadEvent) -> None:
        if isinstance(event, events.Remark):
            self.warning = event.text
            return
        self.event = event
        match event:
            case events.Started(source=source, size=size, done=done):
                self.source, self.size, self.done = source, size, done
            case events.Progress(done=done, size=size) | events.Verifying(done=done, size=size):
                self.done, self.size = done, size
            case events.Paused() if self.source is not None:
                self.done = max(self.done, part_size(self.source))  # some has come since the last event
            case events.StartingOver() | events.SourceFailed():
                self.remark = event_words(event)
            case events.Finished():
                self.phase = "finished"
            case events.Failed():
                self.phase = "failed"
            case events.Cancelled():
                self.phase = "cancelled"
