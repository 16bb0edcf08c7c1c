"""A patience that tests can afford, and models to fetch with it."""

from __future__ import annotations

from tui.catalogue.model import Model, Source
from tui.weights.control import Control, Patience

QUICK = Patience(
    silence=1, trickle=1000, metadata=2, tries=3, progress=10_000, first_pause=0, longest_request=60
)


class Unhurried(Control):
    """Notes how long it was asked to wait, and does not."""

    def __init__(self, patience: Patience = QUICK) -> None:
        super().__init__(patience)
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.raise_if_stopped()


def model_of(*sources: Source, **changes) -> Model:
    fields = {"name": "some", "title": "Some", "licence": "MIT", "sources": sources}
    return Model(**fields | changes)
