"""The decode loop: one sequence at a time, from an empty memory: the same seed gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.engine.llama.context import Aborted, Context, Entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engine.llama.sequence import Sequence

_ONLY = 0


def run(sequence: Sequence, context: Context, should_abort: Callable[[], bool]) -> None:
    """Decode until the sequence has a reason to end; `should_abort` ends it as cancelled.

    Raises EngineError when llama.cpp fails.
    """
    context.forget()
    try:
        _read_prompt(sequence, context, should_abort)
        while sequence.reason is None and not should_abort():
            assert sequence.next_token is not None
            context.decode([Entry(sequence.next_token, sequence.position, _ONLY, True)])
            sequence.choose(context.handle, -1)
    except Aborted:
        pass
    if sequence.reason is None:
        sequence.cancel()


def _read_prompt(sequence: Sequence, context: Context, should_abort: Callable[[], bool]) -> None:
    last = len(sequence.prompt) - 1
    for start in range(0, len(sequence.prompt), context.batch_size):
        if should_abort():  # not every backend asks the context's own callback
            raise Aborted
        chunk = sequence.prompt[start : start + context.batch_size]
        context.decode([Entry(token, at, _ONLY, at == last) for at, token in enumerate(chunk, start)])
    sequence.choose(context.handle, -1)
