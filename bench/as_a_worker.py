"""Weights loaded in a script's own process, as a worker would load them."""

from __future__ import annotations

import llama_cpp.llama_cpp as llama

from tui.engines.llama.layouts import Layouts

DEFAULT_PARAMS = llama.llama_model_default_params


def load_as_a_worker() -> None:
    """From here on: without llama.cpp's extra layouts, where a batch was found to crash with them."""
    if Layouts().extra:
        return

    def plain() -> llama.llama_model_params:
        params = DEFAULT_PARAMS()
        params.use_extra_bufts = False
        return params

    llama.llama_model_default_params = plain
