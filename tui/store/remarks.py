"""Remarks for a person about the database. They stop nothing."""

from __future__ import annotations

SAID_AT_ONCE = 3


class Remarks:
    """A list of remarks, each of which is said once."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._unsaid: list[str] = []

    def add(self, line: str) -> None:
        if line not in self._known:
            self._known.add(line)
            self._unsaid.append(line)

    def take(self) -> list[str]:
        """The remarks that were not said yet; the first few of many."""
        said, self._unsaid = self._unsaid, []
        if len(said) <= SAID_AT_ONCE:
            return said
        return [*said[:SAID_AT_ONCE], f"and {len(said) - SAID_AT_ONCE} more of the kind"]
