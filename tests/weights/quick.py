"""A patience that tests can afford, and models to fetch with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.catalogue.model import Model, Source
from tui.weights.cancellation import Control
from tui.weights.hub.retry import Patience

QUICK = Patience(
    silence=1, trickle=1000, metadata=2, tries=3, progress=10_000, first_pause=0, longest_request=60
)


@dataclass
class Unhurried(Control):
    """Notes how long it was asked to wait, and does not."""

    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.check()


def model_of(*sources: Source, **changes) -> Model:
    fields = {"name": "some", "title": "Some", "licence": "MIT", "sources": sources}
    return Model(**fields | changes)
