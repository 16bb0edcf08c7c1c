"""Assumptions about a file that is not here: only its size, quantisation and architecture are known.

A fallback. What it gives is right to about a tenth for plain transformers; once the file is here its own
header is read.
"""

from __future__ import annotations

import re

from tui.memory.shape import Shape

_BITS_OF_SCALES = 0.8
"""The bits that scales add to each weight: Q4_K_M takes 4.8 bits, Q2_K 3.0."""
_USUAL_BITS = 4
_LAYERS_TIMES_WIDTH = 0.036
"""For a parameter count to the power of two thirds: LLaMA 7B has 32 x 4096, Pythia 12B 36 x 5120."""
_SHARED_BY = {"falcon": 8}
"""Heads that share their keys, where an architecture is known for it. Others are taken to share none."""
_VOCABULARY = 64_000


def assumed_shape(file_size: int, quantisation: str = "", architecture: str = "") -> Shape:
    parameters = file_size * 8 / _bits(quantisation)
    product = _LAYERS_TIMES_WIDTH * parameters ** (2 / 3)
    width = max(int(parameters / (12 * product)), 1)  # a layer has about 12 weights for each width squared
    layers = max(round(product / width), 1)
    return Shape(
        architecture=architecture,
        width=width,
        feed_forward=4 * width,
        is_gated=architecture == "llama",
        heads=max(width // 128, 1),
        cache_widths=(2 * width // _SHARED_BY.get(architecture, 1),) * layers,
        vocabulary=_VOCABULARY,
        trained_context=0,
        is_rotary=False,
        original_context=0,
        layer_bytes=(file_size // layers,) * layers,
        input_bytes=file_size % layers,
        output_bytes=0,
        output_is_tied=False,
    )


def _bits(quantisation: str) -> float:
    found = re.search(r"(F|BF|Q)(\d{1,2})", quantisation.upper())
    bits = int(found[2]) if found and 1 <= int(found[2]) <= 32 else _USUAL_BITS
    return bits if bits >= 16 else bits + _BITS_OF_SCALES
