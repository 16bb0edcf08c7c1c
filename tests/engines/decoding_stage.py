"""The decode loop in this very process, with sequences that tests let join, leave and be cancelled."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tui.chat.jinja_env import evaluate
from tui.engines.llama.protocol import LoadSpec
from tui.engines.llama.worker.context import Aborted
from tui.engines.llama.worker.decoding import Decoder
from tui.engines.llama.worker.interruption import Interruption
from tui.engines.llama.worker.prompt import prepare
from tui.engines.llama.worker.sequence import Sequence
from tui.engines.llama.worker.weights import Weights

from .listening import PLAIN, ask

if TYPE_CHECKING:
    from collections.abc import Sequence as Entries
    from pathlib import Path

    from tui.engines.events import Delta, Finished
    from tui.engines.llama.worker.context import Entry


class Stage:
    """`decoded` are the batches that were decoded, oldest first."""

    def __init__(self, path: Path, parallel: int, **spec: object) -> None:
        self.interruption = Interruption()
        self.weights = Weights(
            LoadSpec(path=str(path), parallel=parallel, **spec),  # type: ignore[arg-type]
            interruption=self.interruption,
        )
        self.decoded: list[list[Entry]] = []
        self._decode = self.weights.context.decode
        self.weights.context.decode = self._count  # type: ignore[method-assign]
        self.clear()

    def clear(self) -> None:
        self.decoder = Decoder(self.weights.context)
        self.texts: dict[str, str] = defaultdict(str)
        self.finished: dict[str, Finished] = {}
        self.running: dict[str, Sequence] = {}
        self.decoded.clear()
        self.interruption.put(False)

    def _count(self, entries: Entries[Entry]) -> None:
        self._decode(entries)
        self.decoded.append(list(entries))

    @property
    def decoded_tokens(self) -> int:
        return sum(map(len, self.decoded))

    def join(self, name: str, instruction: str, **request: object) -> None:
        asked = ask(instruction, name=name, template=PLAIN, **request)
        room = self.weights.context.length
        prompt = prepare(asked, self.weights.vocabulary, file_template=None, room=room, renderer=evaluate)
        self.running[name] = Sequence(asked, prompt, self.weights.vocabulary, room=room, emit=self._take)
        self.decoder.join(self.running[name])

    def _take(self, delta: Delta) -> None:
        self.texts[delta.id] += delta.text

    def advance(self) -> None:
        self.decoder.advance()
        self._let_go()

    def advance_interrupted(self) -> None:
        """A step in which the decode is aborted after llama.cpp has done it: nothing of it may stay."""

        def abort(entries: Entries[Entry]) -> None:
            self._decode(entries)
            raise Aborted

        counting, self.weights.context.decode = self.weights.context.decode, abort  # type: ignore[method-assign]
        self.advance()
        self.weights.context.decode = counting  # type: ignore[method-assign]

    def cancel(self, name: str) -> None:
        self.running[name].cancel()
        self._let_go()

    def _let_go(self) -> None:
        for sequence in self.decoder.leave():
            self.finished[sequence.id] = sequence.finished()
            del self.running[sequence.id]
            sequence.close()

    def until_ready(self) -> None:
        while not self.decoder.ready:
            self.advance()

    def until_read(self) -> None:
        while self.decoder._reader() is not None:
            self.advance()

    def finish(self) -> None:
        while self.decoder.busy:
            self.advance()

    def close(self) -> None:
        self.weights.close()
