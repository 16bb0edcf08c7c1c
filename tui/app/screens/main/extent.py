"""How far down an answer has been in view."""

from __future__ import annotations

from fractions import Fraction
from math import ceil


class Extent:
    """Kept as a part of the whole, for the rows change with the width and the view."""

    def __init__(self) -> None:
        self._seen = Fraction(0)

    def note(self, last: int, rows: int) -> None:
        """Rows up to `last` of so many are in view."""
        if rows:
            self._seen = max(self._seen, Fraction(min(last, rows), rows))

    def unread(self, rows: int) -> int:
        """Of so many rows, those below all that was in view."""
        return ceil((1 - self._seen) * rows)
