"""What a grader did with an answer, in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.grading.events import Event

_TURNS = {"undo": "took back", "redo": "brought back"}


def event_line(event: Event, *, names_criterion: bool) -> str:
    """When, by the clock of this machine; what; and whether it still counts."""
    at = f"{datetime.fromisoformat(event.at).astimezone():%Y-%m-%d %H:%M:%S}"
    of = f"{event.criterion}: " if event.criterion and names_criterion else ""
    turn = f"{_TURNS[event.kind]} " if event.kind in _TURNS else ""
    standing = f" ({event.standing})" if event.standing in ("taken back", "replaced") else ""
    return f"{at}  {turn}{of}{_what(event)}{standing}"


def _what(event: Event) -> str:
    if event.level:
        return event.level
    if event.kind in ("note", "flag"):
        return f"{event.kind}: {event.text}" if event.text else f"took the {event.kind} away"
    if event.kind in _TURNS and event.text:
        return f"the note or flag “{event.text}”"
    return "skipped" if event.criterion else "a note or flag that was taken away"
