"""What a session over stored answers has nothing of."""

from __future__ import annotations


class Quiet:
    """A session in which no answer is written."""

    generates = False
    """True where answers can be written, too."""

    compares = False
    """True where two answers are judged together."""
    practises = False
    """True where answers are judged for practice only."""

    @property
    def what(self) -> str:
        """What is judged, in a word."""
        return "pairs" if self.compares else "answers"

    @property
    def busy(self) -> bool:
        """True while an answer is being written."""
        return False

    async def identify(self) -> bool:
        """Find out whose the stored responses are, where that takes time; whether that was news."""
        return False

    async def count_all(self) -> None:
        """Find out how many responses are judged, after which `progress` says so."""

    def take_lines(self) -> list[str]:
        """Lines about more than one response, such as a crash of the engine, since last asked."""
        return []
