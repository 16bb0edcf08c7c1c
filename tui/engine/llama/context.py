"""A llama.cpp context: decoding batches, with an abort that works inside a long one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import llama_cpp.llama_cpp as llama

from tui.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.engine.threads import Threads

BATCH = 512
_ABORTED = 2


class Aborted(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The decode was ended by `should_abort`; the memory holds an unknown part of the batch."""


class Entry(NamedTuple):
    token: int
    position: int
    sequence: int
    wants_logits: bool


class Context:
    """Room for one conversation of `length` tokens. `should_abort` is asked hundreds of times per token."""

    def __init__(
        self, model: Any, *, length: int, threads: Threads, should_abort: Callable[[], bool]
    ) -> None:
        params = llama.llama_context_default_params()
        params.n_ctx = length
        params.n_batch = min(BATCH, length)
        params.n_ubatch = params.n_batch
        params.n_seq_max = params.n_outputs_max = 1  # the default makes room for 512 tokens' logits
        params.n_threads, params.n_threads_batch = threads.writing, threads.reading
        # llama.cpp keeps the pointer only: without this reference the callback would be collected under it.
        self._abort_callback = llama.ggml_abort_callback(lambda _data: should_abort())
        params.abort_callback = self._abort_callback
        self.handle: Any = llama.llama_init_from_model(model, params)
        if not self.handle:
            raise EngineError(f"there is not enough memory for a context of {length} tokens")
        self.length = min(length, llama.llama_n_ctx(self.handle))
        self.batch_size: int = llama.llama_n_batch(self.handle)
        self._batch = llama.llama_batch_init(self.batch_size, 0, 1)
        self._memory = llama.llama_get_memory(self.handle)

    def forget(self) -> None:
        """Empty the memory, so that nothing of an earlier generation can change the bits of the next."""
        llama.llama_memory_clear(self._memory, True)

    def decode(self, entries: Sequence[Entry]) -> None:
        """Decode at most `batch_size` tokens. Raises Aborted, or EngineError when llama.cpp fails."""
        batch = self._batch
        batch.n_tokens = len(entries)
        for index, entry in enumerate(entries):
            batch.token[index] = entry.token
            batch.pos[index] = entry.position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = entry.sequence
            batch.logits[index] = entry.wants_logits
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
