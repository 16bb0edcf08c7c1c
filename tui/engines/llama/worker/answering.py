"""Requests into answers: prepared, decoded side by side, reported as they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engines.events import Finished, Started
from tui.engines.llama.worker.decoding import Decoder
from tui.engines.llama.worker.prompt import prepare, refuse_too_long
from tui.engines.llama.worker.pulse import Pulse
from tui.engines.llama.worker.sequence import Sequence
from tui.errors import GraderError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engines.events import Delta
    from tui.engines.llama.worker.inbox import Inbox
    from tui.engines.llama.worker.templates.process import TemplateProcess
    from tui.engines.llama.worker.weights import Weights
    from tui.engines.request import Request


class Answering:
    def __init__(
        self,
        weights: Weights,
        inbox: Inbox,
        emit: Callable[[Started | Delta | Finished], None],
        templates: TemplateProcess,
        *,
        pulse: Pulse | None = None,
    ) -> None:
        self._weights = weights
        self._inbox = inbox
        self._emit = emit
        self._pulse = pulse or Pulse()
        self._decoder = Decoder(weights.context)
        self._templates = templates
        self._running: dict[str, Sequence] = {}

    def run(self, request: Request) -> None:
        """Answer this and whatever else the inbox has meanwhile, until nothing runs."""
        self._start(request)
        while self._decoder.busy:
            self._cancel()
            self._decoder.advance()
            self._pulse.step()
            self._finish()
            self._admit()

    def _admit(self) -> None:
        while self._decoder.ready and (request := self._inbox.next_generation()):
            self._start(request)

    def _start(self, request: Request) -> None:
        self._pulse.turn_to("preparing")
        try:
            sequence = self._sequence(request)
        except GraderError as error:
            self._tell(Finished(id=request.id, reason="failed", error=safe_line(str(error))))
            return
        finally:
            self._pulse.turn_to("decoding")
        self._running[request.id] = sequence
        self._decoder.join(sequence)

    def _sequence(self, request: Request) -> Sequence:
        weights, room = self._weights, self._weights.room
        prompt = prepare(
            request,
            weights.vocabulary,
            file_template=weights.facts.chat_template,
            room=room,
            renderer=self._templates.for_a_prompt(),
        )
        refuse_too_long(prompt, request.sampling.max_tokens, room=room, held=weights.context.length)
        self._emit(
            Started(
                id=request.id,
                template=prompt.template,
                rendered_prompt=prompt.text,
                prompt_tokens=len(prompt.tokens),
                warnings=prompt.warnings,
            )
        )
        return Sequence(request, prompt, weights.vocabulary, room=room, emit=self._emit)

    def _cancel(self) -> None:
        if self._inbox.interruption:
            for generation in self._inbox.take_cancelled():
                self._running[generation].cancel()
            self._finish()

    def _finish(self) -> None:
        for sequence in self._decoder.leave():
            del self._running[sequence.id]
            sequence.close()
            self._tell(sequence.finished())

    def _tell(self, finished: Finished) -> None:
        self._inbox.finished(finished.id)
        self._emit(finished)
