"""The memory that a model needs. The formulas come from what llama.cpp was seen to allocate, and
`bench/memory.py` compares them with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.memory.shape import Shape

BATCH = 512
"""Tokens that the worker decodes at a time."""
HALF, SINGLE = 2, 4
CELLS = 256
"""llama.cpp rounds the cells of a sequence up to a multiple of these."""

_PROCESS = 48_000_000
"""Python, the binding and llama.cpp's libraries."""
_PER_TOKEN_OF_THE_VOCABULARY = 400
"""Its text, its merge and their places in tables."""


@dataclass(frozen=True)
class Setting:
    """The way in which a worker holds a model."""

    context_length: int
    """Tokens of each sequence."""
    sequences: int = 1
    flash_attention: bool = True
    """Without it the attention of all heads to the whole context is in memory at once."""
    cache_bytes: float = HALF
    """Bytes of one number in the cache of keys and values."""
    extra: int = 0
    """Bytes of an adapter."""


def context_of(shape: Shape, wanted: int) -> int:
    """Rotary positions beyond those of training give noise: the worker stops there."""
    trained = shape.trained_context
    return trained if shape.is_rotary and 0 < trained < wanted else wanted


def cache(shape: Shape, setting: Setting) -> tuple[int, ...]:
    """Bytes of keys and values in each layer."""
    length = context_of(shape, setting.context_length)
    cells = -(-length // CELLS) * CELLS * setting.sequences
    return tuple(int(width * cells * setting.cache_bytes) for width in shape.cache_widths)


def compute(shape: Shape, setting: Setting) -> int:
    """Bytes of what is between the layers while a batch is computed, and of the logits."""
    length = context_of(shape, setting.context_length)
    batch = min(BATCH, length)
    row = SINGLE * batch
    feed_forward = row * shape.feed_forward * (3 if shape.is_gated else 1)
    most = attention(shape, setting) + feed_forward
    if not setting.flash_attention:
        scores = row * shape.heads * length
        most = max(most, scores + row * length + 6 * row * shape.width)
    logits = SINGLE * setting.sequences * shape.vocabulary
    return most + 2 * logits


def attention(shape: Shape, setting: Setting) -> int:
    """Bytes of hidden states and mask, with flash attention."""
    length = context_of(shape, setting.context_length)
    batch = min(BATCH, length)
    return 4 * SINGLE * batch * shape.width + HALF * batch * length


def process(shape: Shape) -> int:
    """Bytes that a worker has beside weights, cache and computation."""
    return _PROCESS + _PER_TOKEN_OF_THE_VOCABULARY * shape.vocabulary
