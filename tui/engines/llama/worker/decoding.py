"""The decode loop: sequences join and leave at any step, prompts are read beside answers being written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.engines.llama.worker.context import Aborted, Entry
from tui.engines.llama.worker.lanes import Lanes
from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.engines.llama.worker.context import Context
    from tui.engines.llama.worker.sequence import Sequence

READING_SECONDS = 0.25
"""The time for reading a prompt between two tokens of the others' answers."""
_FIRST_CHUNK = 32
_SMALLEST_CHUNK = 8


class Decoder:
    """Drives sequences until they have a reason to end.

    A sequence that is alone from its beginning to its end gets the same bits each time, whatever went
    before: it starts in an empty memory and is read in chunks of the same size.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lanes = Lanes(context)
        self._live: dict[int, Sequence] = {}
        self._tokens_per_second = _FIRST_CHUNK / READING_SECONDS

    @property
    def busy(self) -> bool:
        return bool(self._live)

    @property
    def ready(self) -> bool:
        """True if one more may join: there is a lane, and no prompt is still being read."""
        return len(self._live) < self._context.parallel and self._reader() is None

    def join(self, sequence: Sequence) -> None:
        lane = min(set(range(self._context.parallel)) - set(self._live))
        if self._live:
            sequence.note_beside(len(self._live) + 1)
            self._lanes.begin(lane, sequence.tokens)
        else:
            self._lanes.forget()
        self._live[lane] = sequence

    def advance(self) -> None:
        """Read some of a prompt, then write a token of each answer.

        An interruption ends it early, with nothing lost but time.
        """
        try:
            for sequence in self._live.values():
                sequence.check_time()
            self._read()
            self._write()
        except Aborted:
            self._lanes.restore()

    def leave(self) -> list[Sequence]:
        """Let those go that have a reason to end."""
        ended = {lane: sequence for lane, sequence in self._live.items() if sequence.reason}
        for lane in ended:
            del self._live[lane]
        return list(ended.values())

    def _reader(self) -> int | None:
        """The lane whose sequence has more to decode than the one token that the next comes of."""
        return next((lane for lane in self._live if self._ahead(lane) > 1), None)

    def _ahead(self, lane: int) -> int:
        return len(self._live[lane].tokens) - self._lanes.held(lane)

    def _read(self) -> None:
        lane = self._reader()
        if lane is None or self._live[lane].reason:
            return
        sequence, start = self._live[lane], self._lanes.held(lane)
        chunk = sequence.tokens[start : start + self._chunk()]
        last = len(sequence.tokens) - 1
        begun = time.perf_counter()
        self._decode([lane], [Entry(token, at, lane, at == last) for at, token in enumerate(chunk, start)])
        self._lanes.extend(lane, chunk)
        if len(chunk) >= _SMALLEST_CHUNK:
            self._tokens_per_second = len(chunk) / (time.perf_counter() - begun)
        if start + len(chunk) > last:
            sequence.choose(self._context.handle, len(chunk) - 1)

    def _chunk(self) -> int:
        if len(self._live) == 1:
            return self._context.batch_size
        fitting = int(self._tokens_per_second * READING_SECONDS)
        return min(max(fitting, _SMALLEST_CHUNK), self._context.batch_size)

    def _write(self) -> None:
        self._close_gaps()
        lanes = sorted(lane for lane in self._live if self._writes(lane))
        if not lanes:
            return
        entries = [Entry(self._live[lane].tokens[-1], self._lanes.held(lane), lane, True) for lane in lanes]
        self._decode(lanes, entries)
        for index, lane in enumerate(lanes):
            self._lanes.extend(lane, [entries[index].token])
            self._live[lane].choose(self._context.handle, index)

    def _writes(self, lane: int) -> bool:
        return self._live[lane].reason is None and self._ahead(lane) == 1

    def _close_gaps(self) -> None:
        """Lanes with a gap between them would be decoded one after another."""
        while self._live and max(self._live) >= len(self._live):
            last, gap = max(self._live), min(set(range(len(self._live))) - set(self._live))
            self._lanes.move(last, gap)
            self._live[gap] = self._live.pop(last)

    def _decode(self, lanes: Iterable[int], entries: list[Entry]) -> None:
        try:
            self._context.decode(entries)
        except EngineError as error:
            for lane in lanes:
                self._live[lane].fail(safe_line(str(error)))
            raise Aborted from None
        for lane in lanes:
            self._live[lane].note_beside(len(self._live))
