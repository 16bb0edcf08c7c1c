"""llama.cpp's own quantiser, by way of the binding."""

from __future__ import annotations

import ctypes
import os
import re
from typing import TYPE_CHECKING

import llama_cpp.llama_cpp as llama

from tui.engines.llama.threads import usable_cores
from tui.engines.llama.worker.failures import explain, refuse_broken
from tui.engines.llama.worker.log import Log
from tui.errors import EngineError
from tui.text import safe_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FALLBACK = re.compile(r"(\d+) of (\d+) tensor\(s\) required fallback")
_TENSOR = re.compile(r"\[ *(\d+)/ *(\d+)\]")


def quantise(
    source: Path, target: Path, quantisation: str, *, on_progress: Callable[[float], None]
) -> list[str]:
    """Writes `target`; gives what llama.cpp warned of, one line each. `quantisation` as in Q4_K_M.

    Raises EngineError with one line naming the file.
    """
    refuse_broken(source)
    log = Log(on_text=lambda text: _tell(text, on_progress))
    type_ = getattr(llama, f"LLAMA_FTYPE_MOSTLY_{quantisation}", None)
    if type_ is None:
        raise EngineError(f"llama.cpp knows no quantisation {safe_line(quantisation)}")
    params = llama.llama_model_quantize_default_params()
    params.ftype = type_
    params.nthread = usable_cores()
    if llama.llama_model_quantize(os.fsencode(source), os.fsencode(target), ctypes.byref(params)) != 0:
        raise EngineError(explain(source, log.errors))
    return [_in_words(line, quantisation) for line in log.warnings if not line.startswith("->")]


def _in_words(warning: str, quantisation: str) -> str:
    if found := _FALLBACK.search(warning):
        count, total = found.groups()
        return f"{count} of {total} matrices have a width that {quantisation} does not fit: made finer"
    return warning


def _tell(text: str, on_progress: Callable[[float], None]) -> None:
    if found := _TENSOR.search(text):
        number, count = map(int, found.groups())
        on_progress((number - 1) / count)
