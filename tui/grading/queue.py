"""The order in which responses are judged: the next slot on a sheet, the next sheet after that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tui.grading.sheet import Sheet, Slot


class Next(NamedTuple):
    """The id of a slot on the same sheet, or the place of another item; neither at the end."""

    slot: int | None = None
    place: int | None = None


def next_open(sheet: Sheet, after: int) -> Slot | None:
    """The next slot to judge after the one with this id, around the corner."""
    start = sheet.position(after)
    first = 0 if start is None else start + 1
    count = len(sheet.slots)
    order = (sheet.slots[(first + step) % count] for step in range(count))
    return next((slot for slot in order if slot.open), None)


def next_after(sheet: Sheet, slot: int, items: int) -> Next:
    """Where to go after a decision about a slot, of so many items."""
    if found := next_open(sheet, slot):
        return Next(slot=found.id)
    return Next(place=sheet.place + 1) if sheet.place + 1 < items else Next()
