"""The tokens in each lane of a context, so that no lane reads again what another has read."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.engines.llama.worker.context import Context

WORTH_COPYING = 16
"""Tokens. Copying moves the whole lane, which takes about as long as reading this many."""


class Lanes:
    """Keeps the tokens of each lane, also those of a sequence that has left it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._held: list[list[int]] = [[] for _ in range(context.parallel)]

    def held(self, lane: int) -> int:
        """The number of tokens of its sequence that a lane holds."""
        return len(self._held[lane])

    def extend(self, lane: int, tokens: Sequence[int]) -> None:
        """They were decoded there."""
        self._held[lane] += tokens

    def forget(self) -> None:
        self._context.forget()
        for held in self._held:
            held.clear()

    def restore(self) -> None:
        """Take what an unfinished decode has left out of every lane again."""
        for lane, held in enumerate(self._held):
            self._cut(lane, len(held))

    def move(self, source: int, target: int) -> None:
        self._context.copy(source, target)
        self._held[target] = list(self._held[source])

    def begin(self, lane: int, tokens: Sequence[int]) -> None:
        """Let a lane hold the longest beginning of `tokens` that there is in any, and nothing else.

        The last token is left to be decoded: the answer begins with what comes of it.
        """
        shared = [_shared(held, tokens[:-1]) for held in self._held]
        source = max(range(len(shared)), key=shared.__getitem__)
        if shared[source] - shared[lane] >= WORTH_COPYING:
            self.move(source, lane)
            self._cut(lane, shared[source])
        else:
            self._cut(lane, shared[lane])

    def _cut(self, lane: int, length: int) -> None:
        if not self._context.cut(lane, length):
            length = 0
        del self._held[lane][length:]


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
