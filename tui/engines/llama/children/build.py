"""The versions of the installed binding and of its llama.cpp."""

from __future__ import annotations

import llama_cpp
import llama_cpp.llama_cpp as llama

from tui.engines.llama.probing import Build
from tui.engines.llama.worker.devices import found_devices
from tui.text import safe_line


def build() -> Build:
    llama.llama_backend_init()
    return Build(
        binding=str(llama_cpp.__version__),
        system=safe_line(llama.llama_print_system_info().decode("utf-8", "replace")),
        offloads=bool(llama.llama_supports_gpu_offload()),
        devices=found_devices(),
    )
