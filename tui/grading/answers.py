"""The answers that a session is about: those of some models as they are written, or a stored set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.catalogue.item import Item
    from tui.grading.judge import Judge
    from tui.grading.judged import ItemState, Judged
    from tui.grading.overview import Cell, Overview, Progress
    from tui.grading.samples import Samples
    from tui.store.records import ModelKey, ResponseRecord


class Answers(Protocol):
    """A sheet at each place, with a slot for each model. Whatever reads the database raises StoreError."""

    @property
    def items(self) -> Sequence[Item]:
        """That of each place. One item may be at several."""
        ...

    @property
    def overview(self) -> Overview: ...

    @property
    def most_slots(self) -> int:
        """The most that a sheet has."""
        ...

    def repeats(self, place: int) -> bool:
        """True if what stands there is judged once more, for agreement with oneself."""
        ...

    def samples(self, place: int, state: ItemState) -> tuple[Samples, ...]:
        """A slot for each model, in the order of the sheet."""
        ...

    def cells(self, place: int, state: ItemState) -> tuple[Cell, ...]:
        """One for each slot, in their order."""
        ...

    def keys(self, place: int) -> Sequence[ModelKey]:
        """The models that are known and have a slot."""
        ...

    def place_of(self, response: ResponseRecord, *, repeated: bool = False) -> int | None:
        """The place of the sheet that shows it, or shows it again, if the response belongs to these."""
        ...

    def note_state(self, place: int, state: ItemState) -> None:
        """Take what was read of a sheet's item into the count."""
        ...

    def note(self, samples: Samples, judged: Mapping[str, Judged]) -> None:
        """Take a decision about one of the samples into the count."""
        ...

    def recount(self, judge: Judge) -> None:
        """Count anew what is judged, where that takes a moment only. Reads all of the grader's judgements."""
        ...

    def progress(self) -> Progress | None:
        """None while the count is not known."""
        ...
