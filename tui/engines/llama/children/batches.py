"""Decoding real batches of tiny weights, in each quantisation that llama.cpp lays out anew."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import llama_cpp.llama_cpp as llama

from tui.engines.llama.children.quantising import quantise
from tui.engines.llama.protocol import LoadSpec
from tui.engines.llama.tiny_weights import VOCABULARY
from tui.engines.llama.worker.context import Entry
from tui.engines.llama.worker.weights import Weights
from tui.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.engines.llama.worker.context import Context

QUANTISATIONS = ("Q4_0", "Q4_1", "Q8_0", "Q4_K_M", "Q5_K_M", "Q6_K", "Q2_K", "IQ4_NL")
_LANES, _PROMPT, _ANSWER = 4, 96, 3


def decode_each(source: Path, *, extra_layouts: bool) -> Iterator[str]:
    """Gives each quantisation before it is tried: a crash is in the last that came. Raises EngineError."""
    for quantisation in QUANTISATIONS:
        yield quantisation
        target = source.with_name(f"{source.stem}-{quantisation}-{extra_layouts}.gguf")
        quantise(source, target, quantisation, on_progress=lambda _fraction: None)
        _decode(target, extra_layouts=extra_layouts)
        target.unlink(missing_ok=True)


def _decode(path: Path, *, extra_layouts: bool) -> None:
    """A prompt, the beginnings of several at once, and tokens of all of them beside each other."""
    length = 2 * _PROMPT
    spec = LoadSpec(
        path=str(path),
        context_length=length,
        parallel=_LANES,
        gpu_layers=0,
        extra_layouts=extra_layouts,
    )
    weights = Weights(spec)
    try:
        context = weights.context
        _step(context, [(0, place) for place in range(_PROMPT)])
        context.forget()
        _step(context, [(lane, place) for lane in range(_LANES) for place in range(_LANES + lane)])
        for step in range(_ANSWER):
            _step(context, [(lane, _LANES + lane + step) for lane in range(_LANES)])
        context.forget()
        _step(context, [(0, 0)])
    finally:
        weights.close()


def _step(context: Context, places: list[tuple[int, int]]) -> None:
    lasts = dict(places)
    entries = [
        Entry((7 * position + lane) % VOCABULARY, position, lane, lasts[lane] == position)
        for lane, position in places
    ]
    context.decode(entries)
    logits = llama.llama_get_logits_ith(context.handle, len(entries) - 1)
    if not all(math.isfinite(logits[token]) for token in range(VOCABULARY)):
        raise EngineError("what came of a batch are no numbers")
