"""A llama.cpp context: decoding batches of several sequences, with an abort that works inside a long one."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import llama_cpp.llama_cpp as llama

from tui.errors import EngineError
from tui.memory.needs import BATCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.engines.llama.threads import Threads
    from tui.engines.llama.worker.interruption import Interruption

_ABORTED = 2
_UNINTERRUPTED = 128
"""Tokens. An integrated GPU may take a second for so many; for a fast one they are as good as more."""


class Aborted(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The decode was interrupted; the memory holds an unknown part of the batch."""


class Entry(NamedTuple):
    token: int
    position: int
    lane: int
    wants_logits: bool


class Context:
    """Lanes for `parallel` sequences of `length` tokens each, numbered from 0.

    Each lane has cells of its own, which was measured to be fastest (docs/benchmarks.md). llama.cpp then
    decodes a batch in one piece only if the lanes in it rise without a gap; any other it splits.
    """

    def __init__(
        self,
        model: Any,
        *,
        length: int,
        parallel: int = 1,
        threads: Threads,
        interruption: Interruption,
        on_gpu: bool = False,
    ) -> None:
        """`on_gpu`: a GPU computes some of it, which the interruption reaches between decodes only."""
        params = llama.llama_context_default_params()
        params.n_ctx = length * parallel
        params.n_batch = params.n_ubatch = max(min(BATCH, length), parallel)
        params.n_seq_max = parallel
        params.n_outputs_max = parallel  # the default makes room for 512 tokens' logits
        params.n_threads, params.n_threads_batch = threads.writing, threads.reading
        params.abort_callback = _string_length()
        params.abort_callback_data = interruption.address
        self._interruption = interruption  # llama.cpp keeps the address only
        self.handle: Any = llama.llama_init_from_model(model, params)
        if not self.handle:
            raise EngineError(f"there is not enough memory for {_contexts(parallel)} of {length} tokens")
        self.parallel = parallel
        self.length: int = min(length, llama.llama_n_ctx_seq(self.handle))
        size: int = llama.llama_n_batch(self.handle)
        self.batch_size = min(size, _UNINTERRUPTED) if on_gpu else size
        self._batch = llama.llama_batch_init(size, 0, 1)
        for index in range(size):
            self._batch.n_seq_id[index] = 1
        self._memory = llama.llama_get_memory(self.handle)

    def forget(self) -> None:
        """Empty all lanes.

        The only lane's bytes are overwritten too, so that nothing of an earlier generation, not even a NaN
        in a cell no longer used, can change the bits of the next.
        """
        llama.llama_memory_clear(self._memory, self.parallel == 1)

    def cut(self, lane: int, length: int) -> bool:
        """Keep the first `length` tokens of a lane; false where this memory can only be emptied, which it
        then is."""
        if llama.llama_memory_seq_rm(self._memory, lane, length, -1):
            return True
        llama.llama_memory_seq_rm(self._memory, lane, -1, -1)
        return False

    def copy(self, source: int, target: int) -> None:
        """Make a lane the same as another, whatever it held."""
        llama.llama_memory_seq_rm(self._memory, target, -1, -1)
        llama.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def decode(self, entries: Sequence[Entry]) -> None:
        """Decode at most `batch_size` tokens. Raises Aborted, or EngineError when llama.cpp fails."""
        if self._interruption:  # not every backend asks the callback
            raise Aborted
        batch = self._batch
        batch.n_tokens = len(entries)
        tokens, positions, lanes, logits = batch.token, batch.pos, batch.seq_id, batch.logits
        for index, (token, position, lane, wants_logits) in enumerate(entries):
            tokens[index] = token
            positions[index] = position
            lanes[index][0] = lane
            logits[index] = wants_logits
        result: int = llama.llama_decode(self.handle, batch)
        if result == _ABORTED:
            raise Aborted
        if result != 0:
            raise EngineError(f"llama.cpp could not decode (llama_decode returned {result})")

    def close(self) -> None:
        if self.handle:
            llama.llama_batch_free(self._batch)
            llama.llama_free(self.handle)
            self.handle = None


def _string_length() -> Any:
    """C's own strlen as the abort callback: of a string of no or one character it says false or true.

    A callback in Python would be called, and take the interpreter's lock, some hundred times per token.
    """
    library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
    return ctypes.cast(library.strlen, llama.ggml_abort_callback)


def _contexts(parallel: int) -> str:
    return "a context" if parallel == 1 else f"{parallel} contexts"
