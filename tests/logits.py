"""What llama.cpp makes of a file, as numbers: for comparing two files that should mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import llama_cpp
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def logits(path: Path, tokens: Sequence[int], *, adapter: Path | None = None) -> np.ndarray:
    """(tokens, vocabulary), float32."""
    model = llama_cpp.Llama(
        str(path),
        lora_path=str(adapter) if adapter else None,
        n_ctx=64,
        n_threads=1,
        logits_all=True,
        verbose=False,
    )
    try:
        model.eval(tokens)
        return np.array(model.scores[: len(tokens)])
    finally:
        model.close()
