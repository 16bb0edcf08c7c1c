"""The quantisations a checkpoint can be brought to. Imports nothing, for the command line lists them."""

from __future__ import annotations

QUANTISATIONS = {
    "Q2_K": 0.17, "Q3_K_M": 0.24, "Q4_K_S": 0.29, "Q4_K_M": 0.317, "Q5_K_S": 0.35, "Q5_K_M": 0.36,
    "Q6_K": 0.41, "Q8_0": 0.53, "BF16": 1.0, "F16": 1.0, "F32": 2.0,
}  # fmt: skip
"""Each type with its size as a share of the checkpoint in 16 bits: bits per weight, as llama.cpp's quantiser
prints them, divided by 16."""

DIRECT = ("Q8_0", "BF16", "F16", "F32")
"""The types that the converter writes itself, without the quantiser."""
