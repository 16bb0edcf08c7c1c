"""A sheet: one item and the responses to it, as far as its grader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tui.generation.live_response import BUSY

if TYPE_CHECKING:
    from tui.catalogue.item import Item
    from tui.catalogue.model import Model
    from tui.generation.live_response import Phase
    from tui.store.judgement_records import JudgementRecord
    from tui.store.records import ResponseRecord


class Given(NamedTuple):
    """A judgement in force: a level with its value, or a skip, which has neither."""

    level: str | None = None
    value: float | None = None

    @classmethod
    def by(cls, judgement: JudgementRecord) -> Given:
        return cls(judgement.level, judgement.value)


@dataclass(frozen=True)
class Known:
    """The author of a response and how the writing went. A blind slot has none of it."""

    model: Model
    file: str
    response: ResponseRecord | None
    fraction: float
    """The part of the weights that is loaded, while they load."""
    tokens: int
    started_at: float
    """time.monotonic() at the first piece of text."""
    warnings: tuple[str, ...]


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
    reading: int = 0
    given: Given | None = None
    note: str = ""
    known: Known | None = None

    @property
    def busy(self) -> bool:
        return self.phase in BUSY

    @property
    def judgeable(self) -> bool:
        return self.reading > 0 and not self.busy and self.phase != "failed"

    @property
    def open(self) -> bool:
        """True if it waits for a judgement, or will once it is written."""
        return self.given is None and (self.judgeable or self.busy)


@dataclass(frozen=True)
class Sheet:
    """`place` is the item's in the session's order."""

    item: Item
    place: int
    slots: tuple[Slot, ...]

    def position(self, slot: int) -> int | None:
        """The position of the slot with this id, 0 for the first."""
        return next((place for place, each in enumerate(self.slots) if each.id == slot), None)
