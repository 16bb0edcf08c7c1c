"""The order in which the responses of a sheet are judged: criteria, slots, samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.grading.sheet import Sheet, Slot


class Target(NamedTuple):
    """A way to an answer: the place of its item, None for the sheet that is shown; the id of its slot there,
    None for the first; the number of the sample, None for the one in view; the place of a criterion."""

    place: int | None = None
    slot: int | None = None
    sample: int | None = None
    criterion: int = 0


def next_on_sheet(sheet: Sheet, after: int | None, *, stay: bool = True) -> Target | None:
    """What to judge next on a sheet: with `stay` the slot with this id first, if it is open; else it last."""
    start = sheet.position(after) if after is not None else None
    slots = list(_around(sheet, start))
    first = [sheet.slots[start]] if stay and start is not None else []
    if found := next((slot for slot in (*first, *slots) if slot.open), None):
        return Target(slot=found.id, criterion=found.open_criterion)
    if found := next((slot for slot in slots if slot.open_samples), None):
        return Target(slot=found.id, sample=found.open_samples[0])
    return None


def _around(sheet: Sheet, start: int | None) -> Iterator[Slot]:
    first = 0 if start is None else start + 1
    count = len(sheet.slots)
    return (sheet.slots[(first + step) % count] for step in range(count))
