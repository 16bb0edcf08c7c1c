"""A sheet: one item and the responses to it, as far as its grader may see them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tui.generation.live_response import BUSY
from tui.grading.judged import Given as Given
from tui.grading.judged import Judged, summary
from tui.grading.self_naming import names_itself

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.generation.live_response import Phase
    from tui.grading.samples import Author
    from tui.store.records import ResponseRecord


@dataclass(frozen=True)
class Known:
    """The author of a response and how the writing went. A blind slot has none of it."""

    author: Author
    response: ResponseRecord | None
    fraction: float = 1.0
    """The part of the weights that is loaded, while they load."""
    tokens: int = 0
    started_at: float = 0.0
    """time.monotonic() at the first piece of text."""
    warnings: tuple[str, ...] = ()

    @property
    def names_itself(self) -> bool:
        """True if the answer says which model or maker it is of."""
        response = self.response
        return response is not None and names_itself(response.text, (response.model, self.author.title))


@dataclass(frozen=True)
class Slot:
    """One response on a sheet, as it is at this moment.

    `id` is the session's own number for an item and a model, and says nothing of either. `reading` numbers
    the finished response that can be read and judged; it is 0 while there is none.
    """

    id: int
    label: str
    phase: Phase
    text: str = ""
    error: str = ""
    notice: str = ""
    cut_off: bool = False
    """True if it came to its limit before its end."""
    reading: int = 0
    givens: tuple[Given | None, ...] = (None,)
    """What was given for each criterion of the item."""
    judged: Judged = field(default_factory=Judged)
    sample: int = 1
    """The number of the one that is shown among the model's `samples`, 1 for the oldest."""
    samples: int = 0
    open_samples: tuple[int, ...] = ()
    """The numbers of those that wait for a judgement."""
    remarks: tuple[str, ...] = ()
    """What the grader has to know of the answer: what print lost of it, what else was asked."""
    known: Known | None = None
    compared: bool = False
    """True if it is judged together with the one beside it."""

    @property
    def given(self) -> Given | None:
        """What was given for all criteria together, once each has its judgement."""
        return summary(self.givens)

    def name(self, letter: str) -> str:
        """With the letter of its place on the sheet; a hidden author's label has it, where it has one."""
        return self.label if self.known is None else f"{letter} {self.label}"

    @property
    def note(self) -> str:
        return self.judged.note

    @property
    def flag(self) -> str:
        return self.judged.flag

    @property
    def busy(self) -> bool:
        return self.phase in BUSY

    @property
    def judgeable(self) -> bool:
        return self.reading > 0 and not self.busy and self.phase != "failed"

    @property
    def open(self) -> bool:
        """True if it waits for a judgement, or will once it is written."""
        return None in self.givens and (self.judgeable or self.busy)

    @property
    def open_criterion(self) -> int:
        """The place of the first criterion without a judgement; 0 where all have one."""
        return self.givens.index(None) if None in self.givens else 0


@dataclass(frozen=True)
class Sheet:
    """`place` is the item's in the session's order, None for one that is shown beside it."""

    item: Item
    place: int | None
    slots: tuple[Slot, ...]
    introduces: bool = False
    """True for the first sheet of a task, on which its guidelines are shown."""

    def position(self, slot: int) -> int | None:
        """The position of the slot with this id, 0 for the first."""
        return next((place for place, each in enumerate(self.slots) if each.id == slot), None)


class Changes(NamedTuple):
    slots: set[int]
    """The slots to draw anew, by their ids."""
    places: set[int]
    """The places of items whose row of the list has changed."""


class LastJudged(NamedTuple):
    item: Item
    slot: Slot
