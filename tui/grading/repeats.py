"""Silent repeats: sheets that are shown once more, for agreement with oneself."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from tui.grading.lot import drawn
from tui.grading.planned import Planned, dealt

if TYPE_CHECKING:
    from collections.abc import Sequence

RATE: Final = 0.1
LEAST_REPEATED: Final = 10
"""Decisions."""
LEAST_IN_ALL: Final = 60
"""Decisions of a session that has repeats; of a shorter one all are repeated on another day, if at all."""
BETWEEN: Final = 2
"""The fewest sheets between a sheet and its repeat."""


def decisions(sheets: Sequence[Planned]) -> int:
    """All that are asked for on these sheets."""
    return sum(len(ids) * len(sheet.item.rubric.criteria) for sheet in sheets for ids in sheet.ids.values())


def with_repeats(sheets: Sequence[Planned], seed: int, rate: float) -> list[Planned]:
    """The same with whole sheets that come again: at least ten decisions, and at least that part of all.
    Which and where is drawn: later among those of its task, and where a task has no room, at the end."""
    total = decisions(sheets)
    if not rate or total < LEAST_IN_ALL:
        return list(sheets)
    wanted = max(LEAST_REPEATED, ceil(rate * total))
    ends = _ends(sheets)
    keyed = [((place, b""), sheet) for place, sheet in enumerate(sheets)]
    lot = sorted(
        range(len(sheets) - BETWEEN),
        key=lambda place: (ends[place] < place + BETWEEN, _drawn(seed, "again", sheets[place])),
    )
    for place in lot:
        if wanted <= 0:
            break
        sheet = sheets[place]
        wanted -= decisions([sheet])
        after = _drawn(seed, "after", sheet)
        keyed.append(((_later(place, ends[place], len(sheets), after), after), again(sheet, seed)))
    return [sheet for _, sheet in sorted(keyed, key=lambda each: each[0])]


def again(sheet: Planned, seed: int) -> Planned:
    """The sheet, dealt anew."""
    names = (*sheet.item.asked, "again", *sheet.answers)
    return sheet._replace(ids=dealt(seed, names, sheet.ids), repeats=True)


def _ends(sheets: Sequence[Planned]) -> list[int]:
    """For each sheet the place of the last one of its task."""
    last = {sheet.item.task.name: place for place, sheet in enumerate(sheets)}
    return [last[sheet.item.task.name] for sheet in sheets]


def _later(place: int, end: int, count: int, lot: bytes) -> int:
    """The place after which the repeat comes."""
    first = place + BETWEEN
    if end < first:
        return count
    return first + int.from_bytes(lot[:8], "big") % (end - first + 1)


def _drawn(seed: int, why: str, sheet: Planned) -> bytes:
    return drawn(seed, why, *sheet.item.asked, *sheet.answers)
