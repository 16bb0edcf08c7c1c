"""One generation's state: its tokens, what it has written, when it ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.engines.events import Delta, Finished, FinishReason
from tui.engines.llama.worker.detokeniser import Detokeniser
from tui.engines.llama.worker.sampler import Sampler
from tui.engines.llama.worker.stops import StopMatcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.llama.worker.prompt import Prompt
    from tui.engines.llama.worker.vocabulary import Vocabulary
    from tui.engines.request import Request

DELTA_SECONDS = 0.08
"""The first text goes out at once, then at most about twelve times a second."""


class Sequence:
    """Knows nothing of batches: a driver decodes `tokens`, the prompt's and after them the answer's, asks it
    to `choose` the next, and stops when `reason` is set."""

    def __init__(
        self,
        request: Request,
        prompt: Prompt,
        vocabulary: Vocabulary,
        *,
        room: int,
        emit: Callable[[Delta], None],
    ) -> None:
        self.id = request.id
        self.tokens = list(prompt.tokens)
        self.reason: FinishReason | None = None
        self._emit = emit
        self._vocabulary = vocabulary
        self._stop_tokens = prompt.stop_tokens
        self._most = min(request.sampling.max_tokens, room - len(prompt.tokens))
        self._seconds = request.seconds
        self._detokeniser = Detokeniser(vocabulary.piece)
        self._stops = StopMatcher(request.stop_texts)
        self._sampler = Sampler(request.sampling, request.seed, vocabulary.size)
        self._sampler.read(prompt.tokens)
        self._clock = _Clock()
        self._written = 0
        self._parallel = 1
        self._unsent = ""
        self._error = ""

    def note_beside(self, sequences: int) -> None:
        """Note how many generations, itself included, were in the context while its tokens were decoded."""
        self._parallel = max(self._parallel, sequences)

    def check_time(self) -> None:
        """End it when its time is over."""
        if self._seconds and self._clock.elapsed() > self._seconds:
            if self._written:
                self._end("length")
            else:
                self.fail(f"the prompt was not read within {self._seconds:g} seconds")

    def choose(self, context: object, index: int) -> None:
        """Sample from output `index` of the batch just decoded."""
        token = self._sampler.choose(context, index)
        if token in self._stop_tokens or self._vocabulary.ends_answer(token):
            self._end("stop")
            return
        self._written += 1
        self._clock.count()
        self.tokens.append(token)
        self._write(self._stops.feed(self._detokeniser.feed(token)))
        if self._stops.stopped:
            self._end("stop")
        elif self._written >= self._most:
            self._end("length")

    def cancel(self) -> None:
        self._end("cancelled")

    def fail(self, error: str) -> None:
        self._error = error
        self._end("failed")

    def finished(self) -> Finished:
        assert self.reason is not None
        return Finished(
            id=self.id,
            reason=self.reason,
            tokens=self._written,
            first_token_seconds=self._clock.first_token_seconds,
            seconds=self._clock.seconds,
            tokens_per_second=self._clock.tokens_per_second(self._written),
            error=self._error if self.reason == "failed" else "",
            parallel=self._parallel,
        )

    def close(self) -> None:
        self._sampler.close()

    def _end(self, reason: FinishReason) -> None:
        # A character that was never finished is no character; one that the model ended on is a fault to show.
        rest = self._stops.feed(self._detokeniser.finish()) if reason == "stop" else ""
        self._write(rest + self._stops.finish(), at_once=True)
        self.reason = "stop" if self._stops.stopped else reason
        self._clock.stop()

    def _write(self, text: str, *, at_once: bool = False) -> None:
        self._unsent += text
        if self._unsent and (at_once or self._clock.delta_is_due()):
            self._emit(Delta(id=self.id, text=self._unsent, tokens=self._written))
            self._unsent = ""


class _Clock:
    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first: float | None = None
        self._last = self._started
        self._sent = float("-inf")
        self.seconds = 0.0

    def count(self) -> None:
        self._last = time.perf_counter()
        if self._first is None:
            self._first = self._last

    def elapsed(self) -> float:
        return time.perf_counter() - self._started

    def stop(self) -> None:
        self.seconds = self.elapsed()

    def delta_is_due(self) -> bool:
        now = time.perf_counter()
        if now - self._sent < DELTA_SECONDS:
            return False
        self._sent = now
        return True

    @property
    def first_token_seconds(self) -> float | None:
        return None if self._first is None else self._first - self._started

    def tokens_per_second(self, tokens: int) -> float | None:
        if self._first is None or tokens < 2 or self._last <= self._first:
            return None
        return (tokens - 1) / (self._last - self._first)
