"""The answers that a session is about: those of some models as they are written, or a stored set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.grading.overview import tally

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.catalogue.item import Item
    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState, Judged
    from tui.grading.overview import Cell, Overview, Progress
    from tui.grading.samples import Samples
    from tui.store.records import ModelKey, ResponseRecord


class Answers(Protocol):
    """One slot for each model, with the samples that can be judged. Whatever reads the database raises
    StoreError."""

    @property
    def items(self) -> Sequence[Item]: ...

    @property
    def overview(self) -> Overview: ...

    @property
    def most_slots(self) -> int:
        """The most that a sheet has."""
        ...

    def samples(self, item: Item, state: ItemState) -> tuple[Samples, ...]:
        """A slot for each model, in the order of the sheet."""
        ...

    def cells(self, item: Item, state: ItemState) -> tuple[Cell, ...]:
        """One for each slot, in their order."""
        ...

    def keys(self, item: Item) -> Sequence[ModelKey]:
        """The models that are known and have a slot."""
        ...

    def place_of(self, response: ResponseRecord) -> int | None:
        """The place of its item, if the response belongs to these."""
        ...

    def note_state(self, item: Item, state: ItemState) -> None:
        """Take what was read of an item into the count."""
        ...

    def recount(self, judge: Judge) -> None:
        """Count anew what is judged, where that takes a moment only. Reads all of the grader's judgements."""
        ...

    def progress(self) -> Progress | None:
        """None while the count is not known."""
        ...


def note_tally(answers: Answers, samples: Samples, judged: Mapping[str, Judged]) -> None:
    """Take a decision about one of the samples into the count."""
    if samples.key:
        now = tally(samples.stored, judged, samples.item.rubric)
        answers.overview.put((samples.item.asked, samples.key), now)
