"""The child process that quantises one file: `… children.quantiser SOURCE TARGET QUANTISATION`.

On standard output it says how far it is and what llama.cpp warned of, one JSON line each; the last line is an
error, if there is one. The log goes to standard error.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from tui.engines.llama.worker.pipes import Pipes
from tui.errors import EngineError
from tui.text import safe_line


class Quantising(msgspec.Struct, omit_defaults=True):
    """One line of it."""

    fraction: float | None = None
    warning: str = ""
    error: str = ""


def main() -> None:
    pipes = Pipes()
    source, target, quantisation = sys.argv[1:]
    try:
        from tui.engines.llama.children.quantising import quantise

        tell = lambda fraction: pipes.emit(Quantising(fraction=fraction))  # noqa: E731
        for warning in quantise(Path(source), Path(target), quantisation, on_progress=tell):
            pipes.emit(Quantising(warning=warning))
    except (EngineError, ImportError, OSError, RuntimeError) as error:
        pipes.emit(Quantising(error=safe_line(str(error))))
        os._exit(1)
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
