"""The letters that panes are called by: A, B, C …; names, not keys."""

from __future__ import annotations

import string


def letter(place: int) -> str:
    """Of the pane at this place, 0 for the first; after Z comes AA."""
    rest, last = divmod(place, len(string.ascii_uppercase))
    return (letter(rest - 1) if rest else "") + string.ascii_uppercase[last]
