"""Entries of the history, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from tui.app.view.marks import FLAG, UNGRADED, grade_mark, grade_style, grade_word
from tui.grading.judged import summary
from tui.text import safe_line

if TYPE_CHECKING:
    from tui.grading.history import Entry

WHEN, GIVEN = 10, 14
"""Cells of the columns before those that share what is left."""
SHARES = (0.4, 0.3, 0.3)
"""Of the item, of the model, of the flag and the note."""
GAP = " "


def line(entry: Entry, width: int, now: datetime) -> Content:
    """When, what was given, item, model, flag and note, in so many cells."""
    left = max(width - WHEN - GIVEN - 4 * len(GAP), 3)
    item, model, said = (int(share * left) for share in SHARES)
    cells = (
        (Content.styled(when(entry.decided_at, now), "$text-muted"), WHEN),
        (_given(entry), GIVEN),
        (Content(safe_line(f"{entry.item} {entry.title}")), item),
        (Content(safe_line(entry.model)), model),
        (Content(_said(entry)), left - item - model if said else 0),
    )
    fitted = (text.truncate(room, ellipsis=True, pad=True) for text, room in cells if room > 0)
    return Content(GAP).join(fitted)


def when(decided_at: str, now: datetime) -> str:
    """The time of day, if it is today's by the clock of this machine, else the day."""
    if not decided_at:
        return ""
    local = datetime.fromisoformat(decided_at).astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%Y-%m-%d}"


def _given(entry: Entry) -> Content:
    given = summary([each for _, each in entry.givens]) if entry.givens else None
    if given is None:
        return Content(f"{UNGRADED} not graded")
    return Content.styled(f"{grade_mark(given)} {safe_line(grade_word(given))}", grade_style(given))


def _said(entry: Entry) -> str:
    judged = entry.judged
    parts = [f"{FLAG} {judged.flag}" if judged.flag else "", judged.note]
    return safe_line(" · ".join(part for part in parts if part))
